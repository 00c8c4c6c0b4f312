using System.Diagnostics;
using System.Globalization;
using HotLoop.TestKit;

namespace HotLoop.Faults.Engine;

/// <summary>
/// A process that lets deadlines of reads pass, in milliseconds as given, and writes when each fired; then it reads a byte without one.
/// Lines: "clock SECONDS", and for each deadline "armed" and "fired MILLISECONDS", then
/// "read 1", and "jumps N": how often the wall clock was seen to jump in the last tenth of a second.
/// </summary>
internal static class DeadlineProgram
{
    internal const string Command = "deadlines";

    internal static async Task<int> RunAsync(string backend, string[] milliseconds)
    {
        Console.WriteLine($"clock {Text(Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency)}");
        BackendKind kind = new Backends().Working.Single(b => Backends.NameOf(b) == backend);
        using LoopGroup loops = new(new LoopOptions { Backend = kind, LoopCount = 1 });
        using Listener listener = new ListenConfig { Loops = loops }.Listen("tcp", "127.0.0.1:0");
        using Conn conn = await new Dialer { Loops = loops }.DialAsync("tcp", $"{listener.Address}");
        using Conn peer = await listener.AcceptAsync();
        byte[] buffer = new byte[1];

        // The first compiles what the others measure.
        await PassAsync(conn, buffer, TimeSpan.FromMilliseconds(20));
        foreach (string time in milliseconds)
        {
            TimeSpan timeout = TimeSpan.FromMilliseconds(double.Parse(time, CultureInfo.InvariantCulture));
            Console.WriteLine($"fired {Text(await PassAsync(conn, buffer, timeout))}");
        }

        conn.SetReadDeadline(Deadline.None);
        await peer.WriteAsync(buffer);
        Console.WriteLine($"read {await conn.ReadAsync(buffer)}");
        Console.WriteLine($"jumps {CountJumps()}");
        return 0;
    }

    private static int CountJumps()
    {
        int jumps = 0;
        DateTime before = DateTime.UtcNow;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalMilliseconds < 100;)
        {
            DateTime now = DateTime.UtcNow;
            jumps += (now - before).Duration() > TimeSpan.FromMinutes(10) ? 1 : 0;
            before = now;
        }

        return jumps;
    }

    private static async Task<double> PassAsync(Conn conn, byte[] buffer, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        conn.SetReadDeadline(Deadline.After(timeout));
        ValueTask<IoResult> read = conn.TryReadAsync(buffer);
        Console.WriteLine("armed"); // its time runs
        IoResult result = await read;
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return result is { Count: 0, Error.Timeout: true } ? time : throw new InvalidOperationException($"The read ended with {result}.");
    }

    private static string Text(double number) => number.ToString("F3", CultureInfo.InvariantCulture);
}
