using HotLoop.Faults.Engine;
using HotLoop.Faults.Frame;
using HotLoop.Faults.Library;

namespace HotLoop.Faults;

/// <summary>What the test assembly does as a program.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["table", string rows]:
                ReliabilityTable.Write(rows);
                return 0;
            case ["faulted-loop", string place, string backend]:
                return FaultedLoop.Run(place, backend);
            case [DeadlineProgram.Command, string backend, .. string[] milliseconds]:
                return await DeadlineProgram.RunAsync(backend, milliseconds);
            case [SynFloodProgram.Command, string target, string rate, string seconds]:
                return SynFloodProgram.Run(target, rate, seconds);
            case [ProbesProgram.Command, string server, string seconds]:
                return await ProbesProgram.RunAsync(server, seconds);
            default:
                Console.Error.WriteLine(
                    $"usage: HotLoop.Faults table ROWS | faulted-loop PLACE BACKEND | {DeadlineProgram.Command} BACKEND MILLISECONDS..."
                    + $" | {SynFloodProgram.Command} ADDRESS:PORT RATE SECONDS | {ProbesProgram.Command} ADDRESS:PORT SECONDS");
                return 2;
        }
    }
}
