namespace HotLoop.Micro;

/// <summary>Random times to arm timers for: the same for every kind of timer.</summary>
internal static class Delays
{
    private const int Count = 4_096;

    /// <summary>Between 10 and 20 minutes, in milliseconds: nothing fires while it is measured.</summary>
    private static readonly int[] s_table = Create();

    /// <summary>The delay of operation <paramref name="i"/>.</summary>
    internal static int Milliseconds(int i) => s_table[i & (Count - 1)];

    private static int[] Create()
    {
        Random random = new(1);
        int[] table = new int[Count];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = random.Next(600_000, 1_200_000);
        }

        return table;
    }
}
