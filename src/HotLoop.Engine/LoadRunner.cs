using System.Globalization;
using System.Runtime.InteropServices;
using HotLoop.Load;

namespace HotLoop.Engine;

/// <summary>Runs a load, shows how it goes and what came of it.</summary>
internal static class LoadRunner
{
    /// <returns>1 if nothing succeeded, or a threshold was passed; otherwise 0.</returns>
    internal static async Task<int> RunAsync(
        LoadOptions options, LoadThreshold[] failIf, string? jsonFile, string? reportFile, bool quiet)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

        // Opened now: a file that cannot be written must not cost a run.
        await using StreamWriter? json = Open(jsonFile);
        await using StreamWriter? page = Open(reportFile);
        LoadReport report = await LoadRun.RunAsync(options, quiet ? null : ShowProgress, stop.Token);
        EndProgress(quiet);
        Console.Write(TextReport.Of(report));
        bool failed = HasFailed(report, failIf);
        await (json?.WriteAsync(JsonReport.Of(report)) ?? Task.CompletedTask);
        await (page?.WriteAsync(HtmlReport.Of(report)) ?? Task.CompletedTask);
        return failed ? 1 : 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested; // the second signal ends the process at once
            stop.Cancel();
        }
    }

    private static StreamWriter? Open(string? file) => file is null ? null : new StreamWriter(file);

    private static bool HasFailed(LoadReport report, LoadThreshold[] failIf)
    {
        bool failed = false;
        foreach (LoadThreshold threshold in failIf.Where(t => t.IsMet(report)))
        {
            Console.Error.WriteLine($"hotloop: failed: {threshold}");
            failed = true;
        }

        if (!report.HasSucceeded)
        {
            Console.Error.WriteLine("hotloop: failed: no request succeeded");
            failed = true;
        }

        return failed;
    }

    private static void ShowProgress(LoadProgress progress)
    {
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Elapsed.TotalSeconds,4:F0} s  {Work(progress)}  {progress.Errors:N0} errors{(progress.IsWarmUp ? "  (warm-up)" : "")}");
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(line);
        }
        else
        {
            Console.Error.Write($"\r{line,-70}"); // over the one before
        }
    }

    private static string Work(LoadProgress progress) => progress.Held > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{progress.Held:N0} held")
        : string.Create(CultureInfo.InvariantCulture, $"{progress.RequestsPerSecond:N0} requests/s");

    private static void EndProgress(bool quiet)
    {
        if (!quiet && !Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{"",-70}\r");
        }
    }
}
