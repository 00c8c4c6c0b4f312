using System.Runtime.InteropServices;
using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Simulation;

/// <summary>One end of a stream connection of a <see cref="SimulatedNetwork"/>, with TCP's rules for its end, a reset, and bytes unread at a close.</summary>
internal sealed class StreamEnd(SimulatedNetwork network, string name) : SimulatedSocket
{
    private readonly List<byte> _received = [];
    private StreamEnd _peer = null!;
    private int _room = network.Conditions.Window;
    private long _lastArrival; // of what was sent from here
    private bool _hasEof;
    private bool _hasSentEof;
    private bool _isBroken;
    private bool _isClosed;
    private int _error; // told once

    private protected override Readiness Ready =>
        (_received.Count > 0 || _hasEof || _isBroken ? Readiness.Read : 0)
        | (_room > 0 || _isBroken ? Readiness.Write : 0)
        | (_hasEof || _isBroken ? Readiness.Drain : 0);

    internal static void Link(StreamEnd one, StreamEnd other) => (one._peer, other._peer) = (other, one);

    internal override int Receive(Span<byte> buffer)
    {
        if (_received.Count == 0)
        {
            return _error != 0 ? TakeError() : _hasEof || _isBroken ? 0 : -Errno.EAGAIN;
        }

        int n = network.Part(Math.Min(buffer.Length, _received.Count));
        CollectionsMarshal.AsSpan(_received)[..n].CopyTo(buffer);
        _received.RemoveRange(0, n);
        network.Note($"{name} receives {n}");
        Deliver(() => _peer.OnRoom(n));
        if (n < buffer.Length && _received.Count > 0)
        {
            Raise(Readiness.Read); // it looked drained, and is not
        }

        return n;
    }

    internal override int Send(ReadOnlySpan<byte> buffer)
    {
        if (_error != 0)
        {
            return TakeError();
        }

        if (_isBroken || _hasSentEof)
        {
            return -Errno.EPIPE;
        }

        if (buffer.IsEmpty || _room == 0)
        {
            return buffer.IsEmpty ? 0 : -Errno.EAGAIN;
        }

        byte[] bytes = buffer[..network.Part(Math.Min(buffer.Length, _room))].ToArray();
        _room -= bytes.Length;
        network.Note($"{name} sends {bytes.Length} of {buffer.Length}");
        if (network.Breaks())
        {
            Deliver(_peer.OnReset);
            _peer.Deliver(OnReset);
        }
        else
        {
            Deliver(() => _peer.OnBytes(bytes));
        }

        return bytes.Length;
    }

    internal override int EndReceiving() => End(OnEof);

    internal override int EndSending() => End(SendEof);

    private int End(Action end)
    {
        if (_isBroken)
        {
            return -Errno.ENOTCONN;
        }

        end();
        return 0;
    }

    internal override void OnClosed()
    {
        _isClosed = true;
        network.Note($"{name} is closed");
        if (_received.Count > 0)
        {
            Deliver(_peer.OnReset);
        }
        else if (!_isBroken)
        {
            SendEof();
        }
    }

    /// <summary>Nobody will accept it.</summary>
    internal void Abandon()
    {
        _isClosed = true;
        Deliver(_peer.OnReset);
    }

    private void SendEof()
    {
        if (!_hasSentEof)
        {
            _hasSentEof = true;
            Deliver(_peer.OnEof);
        }
    }

    // ---- what arrives --------------------------------------------------------------------------------------------------

    private void OnBytes(byte[] bytes)
    {
        if (_isClosed)
        {
            Deliver(_peer.OnReset); // nobody will read them
        }
        else if (!_isBroken)
        {
            _received.AddRange(bytes);
            Raise(Readiness.Read);
        }
    }

    private void OnEof()
    {
        _hasEof = true;
        Raise(Readiness.Read | Readiness.Drain);
    }

    private void OnRoom(int bytes)
    {
        bool wasFull = _room == 0;
        _room += bytes;
        if (wasFull)
        {
            Raise(Readiness.Write);
        }
    }

    private void OnReset()
    {
        if (!_isClosed && !_isBroken)
        {
            _isBroken = true;
            _error = Errno.ECONNRESET;
            network.Note($"{name} is reset");
            Raise(Readiness.Read | Readiness.Write | Readiness.Drain);
        }
    }

    private int TakeError()
    {
        int error = _error;
        _error = 0;
        return -error;
    }

    // Behind whatever else was sent from here.
    private void Deliver(Action arrive)
    {
        _lastArrival = Math.Max(_lastArrival, network.Clock.Now + network.DrawDelay());
        network.At(_lastArrival, arrive);
    }
}
