using HotLoop.Native;
using HotLoop.Polling;

namespace HotLoop.TestKit.Simulation;

/// <summary>A socket whose other end is the test. All under its poller's gate.</summary>
internal sealed class ScriptedSocket(int sendRoom) : SimulatedSocket
{
    internal List<byte> Received { get; } = [];

    internal List<byte> Sent { get; } = [];

    internal int SendRoom { get; set; } = sendRoom;

    internal bool Eof { get; set; }

    private protected override Readiness Ready =>
        (Received.Count > 0 || Eof ? Readiness.Read : 0) | (SendRoom > 0 ? Readiness.Write : 0);

    internal override int Receive(Span<byte> buffer)
    {
        int n = Math.Min(buffer.Length, Received.Count);
        if (n == 0)
        {
            return Eof ? 0 : -Errno.EAGAIN;
        }

        for (int i = 0; i < n; i++)
        {
            buffer[i] = Received[i];
        }

        Received.RemoveRange(0, n);
        return n;
    }

    internal override int Send(ReadOnlySpan<byte> buffer)
    {
        int n = Math.Min(buffer.Length, SendRoom);
        if (n == 0 && buffer.Length > 0)
        {
            return -Errno.EAGAIN;
        }

        Sent.AddRange(buffer[..n]);
        SendRoom -= n;
        return n;
    }
}
