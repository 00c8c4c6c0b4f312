using System.Diagnostics;
using System.Globalization;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Seeds.Shim;

/// <summary>The child process: this very assembly, started once more, with <see cref="FaultyLibrary"/> below it. And its parent's side.</summary>
internal static class FaultyProcess
{
    private const string Begun = "begun: ";

    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_patiencePerSeed = TimeSpan.FromSeconds(2);

    /// <summary>Runs seeds in a child. What it says when all hold; an exception with what it says when one does not.</summary>
    internal static async Task<string> StartAsync(string library, BackendKind backend, int first, int count)
    {
        string[] arguments =
        [
            typeof(FaultyProcess).Assembly.Location, library, backend.ToString(), first.ToString(CultureInfo.InvariantCulture),
            count.ToString(CultureInfo.InvariantCulture),
        ];
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using Process process = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(s_start + (s_patiencePerSeed * count));
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        string complaint = process.HasExited ? "" : "the process does not end\n";
        process.Kill();
        string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string said = string.Join('\n', lines.Where(line => !line.StartsWith(Begun, StringComparison.Ordinal)));
        await process.WaitForExitAsync();
        if (complaint.Length == 0 && process.ExitCode == 0)
        {
            return said;
        }

        // Also where the process broke down, and could not say which seed it was.
        string begun = lines.LastOrDefault(line => line.StartsWith(Begun, StringComparison.Ordinal)) ?? $"{Begun}{first}";
        int seed = int.Parse(begun.AsSpan(Begun.Length), CultureInfo.InvariantCulture);
        throw new InvalidOperationException(
            $"seed {seed} on {Backends.NameOf(backend)}: {new Seed(seed)}: {complaint}{said}\n{await errors}\n"
            + SeedRange.Replay(seed, nameof(SeedTests.Promises_hold_over_a_faulty_C_library)));
    }

    /// <summary>The child's side: 0 when all seeds hold.</summary>
    internal static async Task<int> RunAsync(string[] arguments)
    {
        FaultyLibrary library = FaultyLibrary.Load(arguments[0]);
        BackendKind backend = Enum.Parse<BackendKind>(arguments[1]);
        int first = int.Parse(arguments[2], CultureInfo.InvariantCulture);
        int count = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        PoolThreads.Ensure();
        new LoopGroup(new LoopOptions { Backend = backend, LoopCount = 1 }).Dispose(); // finds out whether it works, without faults
        using FdLeakGuard guard = new();
        for (int number = first; number < first + count; number++)
        {
            Console.WriteLine($"{Begun}{number}");
            Seed seed = new(number);
            try
            {
                LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = seed.LoopCount });
                library.SetSeed(number, backend);
                await seed.RunAsync(loops);
            }
            catch (Exception e)
            {
                Console.WriteLine(e);
                return 1;
            }
            finally
            {
                library.Stop();
            }
        }

        Console.WriteLine(library.Describe());
        return 0;
    }
}
