using System.Diagnostics;
using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S24ExceptionOnLoop
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Scenario(24, "Exception on the loop's thread", Brief = true), ClassData(typeof(Backends))]
    public Task The_process_ends_and_says_why(BackendKind backend) =>
        Row.RunAsync(backend, $"in a process of its own, an exception out of: {string.Join(", ", FaultedLoop.Places)}", async row =>
        {
            foreach (string place in FaultedLoop.Places)
            {
                string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
                ProcessStartInfo start = new(host, [typeof(FaultedLoop).Assembly.Location, "faulted-loop", place, Backends.NameOf(backend)])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                start.Environment["DOTNET_DbgEnableMiniDump"] = "0"; // the time to write one is not the loop's
                using Process process = Process.Start(start)!;
                try
                {
                    Task<string> errors = process.StandardError.ReadToEndAsync();
                    Assert.Equal("ready", await process.StandardOutput.ReadLineAsync().WaitAsync(s_limit));
                    long began = Stopwatch.GetTimestamp();
                    await process.StandardInput.WriteLineAsync();
                    await process.StandardInput.FlushAsync();
                    await process.WaitForExitAsync().WaitAsync(s_limit);
                    row.Measure($"{place}: ends after, s", Stopwatch.GetElapsedTime(began).TotalSeconds, most: 1);
                    row.Check($"{place}: its exit code is not 0", process.ExitCode != 0);
                    row.Check($"{place}: standard error names the exception", (await errors).Contains("thrown by ", StringComparison.Ordinal));
                }
                finally
                {
                    process.Kill();
                }
            }
        });
}
