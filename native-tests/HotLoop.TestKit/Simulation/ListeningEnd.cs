using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Simulation;

/// <summary>A listening socket of a <see cref="SimulatedNetwork"/>.</summary>
internal sealed class ListeningEnd(Action onClosed) : SimulatedSocket
{
    private readonly Queue<(StreamEnd End, int PeerPort)> _queue = new();

    private protected override Readiness Ready => _queue.Count > 0 ? Readiness.Read : 0;

    internal void Add(StreamEnd end, int peerPort)
    {
        _queue.Enqueue((end, peerPort));
        Raise(Readiness.Read);
    }

    internal override int Receive(Span<byte> buffer) => -Errno.ENOTCONN;

    internal override int Send(ReadOnlySpan<byte> buffer) => -Errno.ENOTCONN;

    internal override int Accept(out RawAddress peer)
    {
        peer = default;
        if (!_queue.TryDequeue(out (StreamEnd End, int PeerPort) first))
        {
            return -Errno.EAGAIN;
        }

        peer = new RawAddress([127, 0, 0, 1], first.PeerPort, 0);
        return Poller!.Open(first.End);
    }

    internal override void OnClosed()
    {
        onClosed();
        while (_queue.TryDequeue(out (StreamEnd End, int PeerPort) waiting))
        {
            waiting.End.Abandon();
        }
    }
}
