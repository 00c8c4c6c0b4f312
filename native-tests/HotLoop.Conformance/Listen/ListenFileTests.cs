using HotLoop.TestKit;
using Microsoft.Win32.SafeHandles;

namespace HotLoop.Conformance.Listen;

public sealed class ListenFileTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.file/1-3")]
    public Task A_duplicate_keeps_the_port_and_becomes_a_listener(BackendKind backend) => RunBoth(backend, async t =>
    {
        Listener listener = t.Listen();
        SafeFileHandle duplicate = t.Own(listener.DuplicateHandle());
        listener.Close();
        await t.Check("listen.file/1", t.Dial(listener));

        Listener second = t.Own(Net.FileListener(duplicate));
        Assert.Equal(listener.Address, second.Address);
        t.Check("listen.file/2", await second.TryAcceptAsync());

        duplicate.Dispose();
        second.Close();
        await t.Check("listen.file/3", t.Dial(listener));
    });

    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.file/4")]
    public Task What_is_no_socket_is_refused_by_its_name(BackendKind backend) => RunBoth(backend, t =>
    {
        // What stands behind stdin depends on who runs the tests.
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        t.Check("listen.file/4", () => Net.FileListener(file, "/dev/stdin").Dispose());
        return Task.CompletedTask;
    });
}
