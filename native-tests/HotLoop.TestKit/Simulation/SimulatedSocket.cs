using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Simulation;

/// <summary>What stands behind a descriptor of a <see cref="SimulatedPoller"/>, which calls it under its gate. Results as in the port.</summary>
internal abstract class SimulatedSocket
{
    private ulong? _token;

    /// <summary>Where it is open.</summary>
    private protected SimulatedPoller? Poller { get; private set; }

    /// <summary>What a poller would report of it now.</summary>
    private protected abstract Readiness Ready { get; }

    internal bool IsReadable => (Ready & Readiness.Read) != 0;

    internal abstract int Receive(Span<byte> buffer);

    internal abstract int Send(ReadOnlySpan<byte> buffer);

    /// <summary>A new descriptor of the same poller.</summary>
    internal virtual int Accept(out RawAddress peer)
    {
        peer = default;
        return -Errno.EINVAL;
    }

    internal virtual int EndReceiving() => -Errno.EOPNOTSUPP;

    internal virtual int EndSending() => -Errno.EOPNOTSUPP;

    internal virtual void OnClosed()
    {
    }

    internal void Attach(SimulatedPoller poller) => Poller = poller;

    internal void Watch(ulong token)
    {
        _token = token;
        Raise(Ready);
    }

    /// <summary>An event, if the descriptor is watched. By the holder of the poller's gate, or from any thread.</summary>
    internal void Raise(Readiness readiness)
    {
        if (readiness != 0 && _token is ulong token)
        {
            Poller!.Enqueue(new PollEvent(token, readiness));
        }
    }
}
