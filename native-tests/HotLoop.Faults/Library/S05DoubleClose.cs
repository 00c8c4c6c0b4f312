using HotLoop.Faults.Frame;
using HotLoop.TestKit;

namespace HotLoop.Faults.Library;

public class S05DoubleClose
{
    private const int Threads = 8;

    [Scenario(5, "Double close", Brief = true), ClassData(typeof(Backends))]
    public Task One_close_succeeds_and_no_foreign_descriptor_goes(BackendKind backend)
    {
        int count = Scale.Of(full: 20_000, brief: 1000);
        return Row.RunAsync(backend, $"{count} connections, each closed and disposed of by {Threads} threads at once, beside files that are opened and closed", async row =>
        {
            using LoopGroup loops = new(new LoopOptions { Backend = backend, LoopCount = 2 });
            int successes = 0, unexpected = 0, before;
            using (PairSource pairs = new(loops))
            {
                (Conn first, Conn second) = await pairs.NextAsync(); // what is opened once is open by now
                first.Dispose();
                second.Dispose();
                before = Descriptors();
                using Bystander bystander = new();
                using Barrier barrier = new(Threads + 1);
                Conn? conn = null;
                bool done = false;
                Task[] closers = [.. Enumerable.Range(0, Threads).Select(i => Task.Factory.StartNew(() => CloseAll(i), TaskCreationOptions.LongRunning))];
                for (int i = 0; i < count; i++)
                {
                    (conn, Conn peer) = await pairs.NextAsync();
                    barrier.SignalAndWait();
                    barrier.SignalAndWait();
                    peer.Dispose();
                }

                done = true;
                barrier.SignalAndWait();
                await Task.WhenAll(closers);
                row.Measure("files of others that were closed", await bystander.StopAsync(), most: 0);

                void CloseAll(int number)
                {
                    while (true)
                    {
                        barrier.SignalAndWait();
                        if (done)
                        {
                            return;
                        }

                        try
                        {
                            if (number % 2 == 0)
                            {
                                conn!.Dispose();
                            }
                            else
                            {
                                conn!.Close();
                                Interlocked.Increment(ref successes);
                            }
                        }
                        catch (OpError e) when (e.Kind == OpErrorKind.Closed)
                        {
                            // Somebody was faster.
                        }
                        catch (Exception)
                        {
                            Interlocked.Increment(ref unexpected);
                        }

                        barrier.SignalAndWait();
                    }
                }
            }

            row.Measure("closes that succeeded, of each connection", (double)successes / count, most: 1);
            row.Measure("other exceptions than closed", unexpected, most: 0);
            row.Measure("descriptors left over", Descriptors() - before, most: 2);
        });
    }

    private static int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
}
