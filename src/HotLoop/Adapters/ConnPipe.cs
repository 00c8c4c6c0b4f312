using System.IO.Pipelines;

namespace HotLoop.Adapters;

/// <summary>A connection as a pair of pipes, each over one half of its stream.</summary>
internal sealed class ConnPipe : IDuplexPipe
{
    private readonly Conn _conn;
    private int _halvesOpen = 2;

    internal ConnPipe(Conn conn, StreamPipeReaderOptions input, StreamPipeWriterOptions output)
    {
        _conn = conn;
        ConnStream stream = conn.AsStream();
        Input = PipeReader.Create(new HalfStream(stream, () => End(conn.CloseRead)), input);
        Output = new BufferedWriter(PipeWriter.Create(new HalfStream(stream, () => End(conn.CloseWrite)), output));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    private void End(Action closeHalf)
    {
        if (Interlocked.Decrement(ref _halvesOpen) == 0)
        {
            _conn.Dispose();
            return;
        }

        try
        {
            closeHalf();
        }
        catch (OpError)
        {
            // Closed or broken already, as the other half will find out.
        }
    }
}
