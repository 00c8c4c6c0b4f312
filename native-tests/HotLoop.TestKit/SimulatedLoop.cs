using System.Net;
using HotLoop.Naming;

namespace HotLoop.TestKit;

/// <summary>One loop over a <see cref="SimulatedPoller"/>, and connections whose other end is the test.</summary>
internal sealed class SimulatedLoop : IDisposable
{
    private readonly LoopGroup _group;

    internal SimulatedLoop() =>
        _group = new LoopGroup(new LoopOptions { LoopCount = 1, BlockSizeBytes = 256 }, () => Poller);

    internal SimulatedPoller Poller { get; } = new();

    internal Loop Loop => _group.Loops[0];

    /// <summary>A connection over the simulated descriptor <paramref name="fd"/>.</summary>
    internal Conn Connect(out int fd, int sendRoom = int.MaxValue)
    {
        fd = Poller.Open(sendRoom);
        return new Conn(
            Loop.Thread.Sockets.Open(fd), Network.Tcp, remote: new NetAddress("tcp", IPAddress.Loopback, 2), local: new NetAddress("tcp", IPAddress.Loopback, 1));
    }

    /// <summary>Runs <paramref name="work"/> on the loop, start to end.</summary>
    internal async Task<T> On<T>(Func<Task<T>> work)
    {
        await Loop.SwitchTo();
        return await work();
    }

    /// <summary>Ends when the loop has gone through all it had to do, twice over.</summary>
    internal async Task Settle()
    {
        for (int i = 0; i < 2; i++)
        {
            TaskCompletionSource turned = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Poller.Wake();
            Loop.Post(_ => turned.SetResult());
            await turned.Task;
        }
    }

    public void Dispose() => _group.Dispose();
}
