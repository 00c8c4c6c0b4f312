using System.Diagnostics;

namespace HotLoop.Engine.Tests.Kit;

/// <summary>A test that looks at a page with Chromium; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly string? s_program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(d => Path.Combine(d, "chromium"))
        .FirstOrDefault(File.Exists);

    public ChromiumFactAttribute()
    {
        if (s_program is null)
        {
            Skip = "needs chromium";
        }
    }

    /// <summary>What the browser has made of a page, as text.</summary>
    internal static async Task<string> ShowAsync(string file, string profile)
    {
        // As root, as in containers, it has no sandbox.
        ProcessStartInfo start = new(s_program!, [
            "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile}", "--dump-dom", $"file://{file}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process browser = Process.Start(start)!;
        Task<string> errors = browser.StandardError.ReadToEndAsync();
        string shown = await browser.StandardOutput.ReadToEndAsync().WaitAsync(s_patience);
        await browser.WaitForExitAsync().WaitAsync(s_patience);
        await errors;
        return shown;
    }
}
