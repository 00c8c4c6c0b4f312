using HotLoop.TestKit;

namespace HotLoop.Tests;

/// <summary>Once a connection is warm its operations allocate nothing: 0 bytes over 100,000 of each, in Release and in Debug.</summary>
public sealed class AllocationTests() : BackendTests(1)
{
    private const int Operations = 100_000;
    private const int WarmUp = 5_000;


    [Theory, ClassData(typeof(Backends))]
    public async Task Reads_writes_parks_and_deadlines_on_a_loop_allocate_nothing(BackendKind backend)
    {
        Use(backend);
        (Conn client, Conn server) = await Pair();
        Assert.Equal(0, await FewestBytesOnLoop(client, server.Go(EchoBuffer), BytesOfRoundTripsWithDeadlines));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task Leases_and_errors_as_values_on_a_loop_allocate_nothing(BackendKind backend)
    {
        Use(backend);
        (Conn client, Conn server) = await Pair();
        Assert.Equal(0, await FewestBytesOnLoop(client, server.Go(EchoLease), BytesOfRoundTrips));
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task From_the_thread_pool_an_operation_allocates_nothing_that_grows_with_their_number(BackendKind backend)
    {
        Use(backend);
        (Conn client, Conn server) = await Pair();
        Task echo = server.Go(EchoLease);
        byte[] buffer = new byte[64];
        await RoundTrips(client, buffer, WarmUp);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await RoundTrips(client, buffer, Operations);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        client.Close();
        await echo;

        // The whole process is counted, so the test host's own are in it; one object an operation would be 24 bytes and more.
        Assert.InRange((double)allocated / Operations, 0, 4);
    }

    [Theory, ClassData(typeof(Backends))]
    public async Task An_accepted_connection_costs_its_handle_and_its_handler(BackendKind backend)
    {
        Use(backend);
        const int Connections = 2_000;
        using Listener listener = new ListenConfig { Loops = Group }.Listen("tcp", "127.0.0.1:0");
        string address = listener.Address.ToString();
        long allocated = await OnLoop(async () =>
        {
            long total = 0;
            for (int i = 0; i < Connections + 200; i++)
            {
                using Conn client = await new Dialer { Loops = Group }.DialAsync("tcp", address);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Conn accepted = await listener.AcceptAsync();
                accepted.Close();
                total += i < 200 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            }

            return total;
        });
        Assert.InRange(allocated / Connections, 0, 128);
    }

    private static async Task EchoBuffer(Conn conn)
    {
        byte[] buffer = new byte[64];
        int n;
        while ((n = await conn.ReadAsync(buffer)) > 0)
        {
            await conn.WriteAsync(buffer.AsMemory(0, n));
        }
    }

    private static async Task EchoLease(Conn conn)
    {
        while (true)
        {
            using ReadLease lease = await conn.TryReadLeaseAsync();
            if (lease.Length == 0 || (await conn.TryWriteAsync(lease.Memory)).Error is not null)
            {
                return;
            }
        }
    }

    private static async Task RoundTrips(Conn client, byte[] buffer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await client.WriteAsync(buffer).ConfigureAwait(false);
            await client.ReadAsync(buffer).ConfigureAwait(false);
        }
    }

    private static async Task<long> BytesOfRoundTripsWithDeadlines(Conn client, int count)
    {
        byte[] buffer = new byte[64];

        // Before the window the method has parked once, so that its own state is on the heap already.
        await client.WriteAsync(buffer);
        await client.ReadAsync(buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < count; i++)
        {
            client.SetReadDeadline(Deadline.After(TimeSpan.FromSeconds(30)));
            await client.WriteAsync(buffer);
            await client.ReadAsync(buffer);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<long> BytesOfRoundTrips(Conn client, int count)
    {
        byte[] buffer = new byte[64];

        // As above.
        await client.TryWriteAsync(buffer);
        await client.TryReadAsync(buffer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < count; i++)
        {
            await client.TryWriteAsync(buffer);
            await client.TryReadAsync(buffer);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The runtime may allocate once or twice on a loop's thread while its code is compiled anew; a steady state shows in
    // one of three windows.
    private Task<long> FewestBytesOnLoop(Conn client, Task server, Func<Conn, int, Task<long>> roundTrips) => OnLoop(async () =>
    {
        await roundTrips(client, WarmUp);
        long fewest = long.MaxValue;
        for (int window = 0; window < 3 && fewest > 0; window++)
        {
            fewest = Math.Min(fewest, await roundTrips(client, Operations));
        }

        client.Close();
        await server;
        return fewest;
    });

    private async Task<T> OnLoop<T>(Func<Task<T>> work)
    {
        await Group.Loops[0].SwitchTo();
        return await work();
    }

    private async Task<(Conn Client, Conn Server)> Pair()
    {
        using Listener listener = new ListenConfig { Loops = Group }.Listen("tcp", "127.0.0.1:0");
        Conn client = await new Dialer { Loops = Group }.DialAsync("tcp", listener.Address.ToString());
        return (client, await listener.AcceptAsync());
    }
}
