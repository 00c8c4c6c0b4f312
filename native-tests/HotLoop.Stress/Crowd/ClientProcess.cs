using System.Diagnostics;
using System.Globalization;

namespace HotLoop.Stress.Crowd;

/// <summary>A running <see cref="ClientHolder"/>: this very assembly, started once more.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;

    private ClientProcess(Process process) => _process = process;

    internal static ClientProcess Start(NetAddress server, int count, int rounds = 0)
    {
        string assembly = typeof(ClientProcess).Assembly.Location;
        string[] arguments = [assembly, server.ToString(), count.ToString(CultureInfo.InvariantCulture), rounds.ToString(CultureInfo.InvariantCulture)];
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ProcessStartInfo start = new(host, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new ClientProcess(Process.Start(start)!);
    }

    /// <summary>The next line it says.</summary>
    internal async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync();

    /// <summary>Has it begin the next round.</summary>
    internal async Task BeginRoundAsync()
    {
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
