namespace HotLoop.Load;

/// <summary>What goes over one connection: its requests, and its answers as they come in pieces.</summary>
internal abstract class Exchange
{
    /// <summary>What is wrong with what came, once <see cref="Take"/> has said so: a kind of error.</summary>
    internal string Problem { get; private protected set; } = "";

    /// <summary>Whether the server will answer nothing more on this connection.</summary>
    internal bool IsLast { get; private protected set; }

    internal static Exchange Create(LoadOptions options, int maxRequests, Tally tally) => options.Target.Protocol switch
    {
        LoadProtocol.Http => new HttpExchange(options, maxRequests, tally),
        _ => new EchoExchange(options.MessageBytes, maxRequests, options.Verify),
    };

    /// <summary>The next requests, to be sent before it is called again: they are in the same memory every time.</summary>
    internal abstract ReadOnlyMemory<byte> NextRequests(int count);

    /// <summary>Takes what came.</summary>
    /// <returns>How many answers are complete with it; -1: something is wrong.</returns>
    internal abstract int Take(ReadOnlySpan<byte> data);

    /// <summary>Takes the end of the stream.</summary>
    /// <returns>Whether an answer is complete with it.</returns>
    internal virtual bool TakeEnd() => false;

    private protected int Fail(string problem)
    {
        Problem = problem;
        return -1;
    }
}
