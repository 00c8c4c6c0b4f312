using System.Globalization;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>
/// A network namespace in which programs run, with <see cref="Address"/> to serve on. What is sent to 10.99.0.0/16 leaves by one end of a veth
/// pair and is dropped at the other, being for somebody else: no answer comes, no reset, and no error. It goes with the last process in it.
/// </summary>
internal sealed class SinkNetwork : IAsyncDisposable
{
    internal const string Address = "10.98.0.1";

    // A quarter of the queue without cookies is for peers of whom the kernel kept a measurement: here it keeps none, and a probe is a stranger
    // as others are. With one repetition of the SYN-ACK instead of five the queue is empty 3 s after the flood instead of a minute.
    private const string Script = """
        set -e
        ip link set lo up
        ip address add 10.98.0.1/32 dev lo
        ip link add sink type veth peer name away
        ip link set sink up
        ip link set away up
        ip neighbour add 10.97.0.1 lladdr 02:00:00:00:00:01 dev sink nud permanent
        ip route add 10.99.0.0/16 via 10.97.0.1 dev sink onlink
        cd /proc/sys/net/ipv4
        echo $0 >tcp_syncookies
        echo 1 >tcp_no_metrics_save
        echo 1 >tcp_synack_retries
        echo ready
        exec sleep 300
        """;

    private readonly EngineProcess _holder;

    private SinkNetwork(EngineProcess holder) => _holder = holder;

    /// <summary>The arguments by which nsenter runs a program in it.</summary>
    internal string[] Entering => [$"--net=/proc/{_holder.Id}/ns/net"];

    internal static async Task<SinkNetwork> CreateAsync(bool hasCookies)
    {
        SinkNetwork network = new(EngineProcess.Run("unshare", ["--net", "sh", "-c", Script, hasCookies ? "1" : "0"]));
        try
        {
            if (await network._holder.Output.FindAsync(_ => true) is null)
            {
                Assert.Fail($"The network cannot be made: {string.Join('\n', await network._holder.Errors.ToEndAsync())}");
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>A counter of TcpExt, as <c>nstat</c> shows them.</summary>
    internal long Count(string name)
    {
        string[] lines = [.. File.ReadLines($"/proc/{_holder.Id}/net/netstat").Where(l => l.StartsWith("TcpExt:", StringComparison.Ordinal))];
        int column = Array.IndexOf(lines[0].Split(' '), name);
        return long.Parse(lines[1].Split(' ')[column], CultureInfo.InvariantCulture);
    }

    /// <summary>This program, in the namespace.</summary>
    internal EngineProcess Run(params string[] arguments) =>
        EngineProcess.Run("nsenter", [.. Entering, Path.Combine(AppContext.BaseDirectory, "HotLoop.Faults"), .. arguments]);

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
