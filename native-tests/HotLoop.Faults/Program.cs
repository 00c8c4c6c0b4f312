using HotLoop.Faults.Frame;

namespace HotLoop.Faults;

/// <summary>What the test assembly does as a program.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["table", string rows])
        {
            ReliabilityTable.Write(rows);
            return 0;
        }

        Console.Error.WriteLine("usage: HotLoop.Faults table ROWS");
        return 2;
    }
}
