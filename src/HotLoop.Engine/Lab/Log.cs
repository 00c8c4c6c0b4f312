using System.Diagnostics;
using System.Globalization;

namespace HotLoop.Engine.Lab;

/// <summary>What both sides called and what came back, with the time since the start. Safe for use from any thread.</summary>
internal sealed class Log(TextWriter output)
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private bool _ended;

    /// <summary>Time since the start.</summary>
    internal TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    internal void Write(Side side, string text)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                string column = side == Side.Client ? "client" : "server";
                output.WriteLine($"{Milliseconds(Now),8} ms  {column} | {text}");
            }
        }
    }

    /// <summary>Does a call that may wait, and writes how it went: in one line, or when it waits in two.</summary>
    /// <param name="side">The caller.</param>
    /// <param name="call">The call, as a reader should see it.</param>
    /// <param name="operation">Starts it.</param>
    internal async Task<Outcome> CallAsync(Side side, string call, Func<Task<Outcome>> operation)
    {
        TimeSpan began = Now;
        Task<Outcome> task = operation();
        bool waits = !task.IsCompleted;
        if (waits)
        {
            Write(side, $"{call} ...");
        }

        Outcome outcome = (await task) with { Began = began, Ended = Now };
        string waited = waits ? $" (after {Milliseconds(outcome.Ended - began)} ms)" : "";
        Write(side, $"{call}: {outcome}{waited}");
        return outcome;
    }

    /// <summary>What comes later is dropped.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
