using System.IO.Pipelines;
using HotLoop.Adapters;

namespace HotLoop;

/// <content>The connection in .NET's own shapes.</content>
public sealed partial class Conn
{
    /// <summary>The connection as a <see cref="Stream"/>, usable from any thread. After Close its calls fail as those of the connection.</summary>
    /// <param name="leaveOpen">Disposing the stream leaves the connection open. Default: it closes it.</param>
    public ConnStream AsStream(bool leaveOpen = false) => new(this, leaveOpen);

    /// <summary>
    /// The connection as a pair of pipes, without tasks in between: reading from Input reads from the connection, when asked and no more than a
    /// buffer; flushing Output waits until the kernel has taken the bytes. So neither side gathers what the other does not take.
    /// </summary>
    /// <param name="input">Null: the defaults, with a buffer that is rented only when data is there.</param>
    /// <param name="output">Null: the defaults.</param>
    /// <remarks>
    /// Completing Output ends writing (<see cref="CloseWrite"/>), completing Input ends reading; when both are completed the connection is
    /// closed, with a reset if received bytes are unread, as by <see cref="Close"/>. <c>Complete</c> with bytes not flushed sends them by
    /// blocking, and throws on a loop: use <c>CompleteAsync</c> there. What a canceled flush has not sent goes with the next. Each half is for one user at a time, as
    /// pipes are.
    /// </remarks>
    public IDuplexPipe AsPipe(StreamPipeReaderOptions? input = null, StreamPipeWriterOptions? output = null) =>
        new ConnPipe(this, input ?? new StreamPipeReaderOptions(useZeroByteReads: true), output ?? new StreamPipeWriterOptions());
}
