using System.Text;

namespace HotLoop.Engine.Lab;

/// <summary>How a call ended, in Go's terms: <c>n, err</c>, and when.</summary>
internal sealed record Outcome
{
    /// <summary>Go's text of the end of a stream, which there is an error like others.</summary>
    internal const string EndOfStream = "EOF";

    // Longer data would only fill the screen.
    private const int ShownBytes = 20;

    /// <summary>Bytes moved; null for a call that moves none.</summary>
    internal int? Count { get; init; }

    /// <summary>The error's text; null without one.</summary>
    internal string? Error { get; init; }

    /// <summary>The error's Timeout().</summary>
    internal bool IsTimeout { get; init; }

    /// <summary>What was read.</summary>
    internal ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>What else there is to say, such as an address.</summary>
    internal string? Note { get; init; }

    /// <summary>Time of the log just before the call.</summary>
    internal TimeSpan Began { get; init; }

    /// <summary>Time of the log just after it.</summary>
    internal TimeSpan Ended { get; init; }

    /// <summary>Of a read into <paramref name="buffer"/>: 0 bytes without an error are the end.</summary>
    internal static Outcome OfRead(IoResult result, ReadOnlyMemory<byte> buffer) =>
        result is { Count: 0, Error: null }
            ? new Outcome { Count = 0, Error = EndOfStream }
            : OfWrite(result) with { Data = buffer[..result.Count] };

    internal static Outcome OfWrite(IoResult result) => Of(result.Error) with { Count = result.Count };

    internal static Outcome Of(OpError? error) => new() { Error = error?.Message, IsTimeout = error is { Timeout: true } };

    public override string ToString()
    {
        List<string> parts = [];
        if (Count is { } count)
        {
            bool isShown = Data.Length is > 0 and <= ShownBytes;
            parts.Add($"n = {count}{(isShown ? $" \"{Encoding.ASCII.GetString(Data.Span)}\"" : "")}");
        }

        if (Note is not null)
        {
            parts.Add(Note);
        }

        if (Error is not null)
        {
            parts.Add(Error == EndOfStream ? Error : $"error: {Error}");
        }

        return parts.Count == 0 ? "done" : string.Join(", ", parts);
    }
}
