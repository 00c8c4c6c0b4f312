using HotLoop.Faults.Engine;
using HotLoop.Faults.Frame;

namespace HotLoop.Faults;

/// <summary>What the test assembly does as a program.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["table", string rows])
        {
            ReliabilityTable.Write(rows);
            return 0;
        }

        if (arguments is [DeadlineProgram.Command, string backend, .. string[] milliseconds])
        {
            return await DeadlineProgram.RunAsync(backend, milliseconds);
        }

        Console.Error.WriteLine($"usage: HotLoop.Faults table ROWS | {DeadlineProgram.Command} BACKEND MILLISECONDS...");
        return 2;
    }
}
