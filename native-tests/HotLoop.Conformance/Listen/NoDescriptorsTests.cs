using System.Diagnostics;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Listen;

public sealed class NoDescriptorsTests(LoopsFixture loops) : ConformanceTests(loops)
{
    [Theory, ClassData(typeof(Backends))]
    [GoCase("listen.emfile/1-8")]
    public Task Without_free_descriptors_accept_dial_and_listen_say_so_and_nothing_is_lost(BackendKind backend) =>
        RunBoth(backend, async t =>
        {
            Listener listener = t.Listen();
            Listener quiet = t.Listen();
            string address = listener.Address.ToString();
            _ = await t.Dial(listener);

            using (DescriptorLimit limit = new())
            {
                t.Check("listen.emfile/1", await listener.TryAcceptAsync());
                t.Check("listen.emfile/2", await listener.TryAcceptAsync());
                t.Check("listen.emfile/3", await listener.TryAcceptAsync());
                await t.Check("listen.emfile/4", t.Dial(address));
                t.Check("listen.emfile/5", () => t.Listen());
                t.Check("listen.emfile/6", () => listener.DuplicateHandle().Dispose());

                // accept4 wants a number before it finds that there is no connection to take. Go's observation must have
                // had one.
                limit.Free(1);
                Stopwatch watch = Stopwatch.StartNew();
                quiet.SetDeadline(Timing.In(50));
                t.Check("listen.emfile/8", await quiet.TryAcceptAsync());
                t.About(watch, 50);
            }

            Assert.NotNull(t.Check("listen.emfile/7", await listener.TryAcceptAsync()));
        });
}
