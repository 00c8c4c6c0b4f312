using System.Runtime.CompilerServices;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Options;

public sealed class FinalizerTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.finalizer/1")]
    public Task A_dropped_connection_is_closed_by_the_garbage_collector(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        Conn conn = await DropPeer(t);
        ValueTask<IoResult> read = Scenario.Read(conn);
        t.CheckExtra("opt.finalizer/1", "returned_before_gc", read.IsCompleted);
        await CollectUntil(() => read.IsCompleted);
        t.Check("opt.finalizer/1", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.finalizer/2")]
    public Task A_connection_whose_handler_waits_is_in_use(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        (Task<IoResult> read, Conn peer) = await ReadWithoutReference(t);
        for (int i = 0; i < 5; i++)
        {
            Collect();
        }

        t.CheckExtra("opt.finalizer/2", "still_parked_after_gc", !read.IsCompleted);
        _ = await Scenario.Write(peer, 1);
        t.Check("opt.finalizer/2", await read);
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("opt.finalizer/3")]
    public Task A_dropped_listener_is_closed_by_the_garbage_collector(BackendKind backend) => RunOffLoop(backend, async t =>
    {
        string address = DropListener(t);
        await CollectUntil(() => !IsListening(t, address));
        await t.Check("opt.finalizer/3", t.Dial(address));
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<Conn> DropPeer(Scenario t)
    {
        using Listener listener = t.Listen();
        Conn conn = await t.Dial(listener);
        _ = await listener.AcceptAsync();
        return conn;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<(Task<IoResult> Read, Conn Peer)> ReadWithoutReference(Scenario t)
    {
        using Listener listener = t.Listen();
        Conn conn = await t.Dialer().DialAsync("tcp", listener.Address.ToString());
        Conn peer = await t.Accept(listener);
        return (ReadAndClose(conn), peer);
    }

    private static async Task<IoResult> ReadAndClose(Conn conn)
    {
        using (conn)
        {
            return await Scenario.Read(conn);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string DropListener(Scenario t) =>
        new ListenConfig { Loops = t.Loops }.Listen("tcp", "127.0.0.1:0").Address.ToString();

    private static bool IsListening(Scenario t, string address)
    {
        try
        {
            using Listener listener = t.Listen("tcp", address);
            return false;
        }
        catch (OpError)
        {
            return true;
        }
    }

    private static async Task CollectUntil(Func<bool> condition) => await KernelView.Until(() =>
    {
        Collect();
        return condition();
    });

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
