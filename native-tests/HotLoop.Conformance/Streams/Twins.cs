using System.Net;
using System.Net.Sockets;

namespace HotLoop.Conformance.Streams;

/// <summary>
/// A <see cref="NetworkStream"/> and a <see cref="ConnStream"/> over connections of their own, to peers that are plain sockets: what is done to
/// one of the two is done to the other.
/// </summary>
internal sealed class Twins : IDisposable
{
    private const int PatienceMilliseconds = 5000;

    private readonly Scenario _scenario;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal Twins(Scenario scenario)
    {
        _scenario = scenario;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    /// <summary>What can be done to a stream's two ends in one way for both kinds.</summary>
    /// <param name="Stream">The stream.</param>
    /// <param name="Peer">The other end.</param>
    /// <param name="EndWriting">The half-close of the stream's end.</param>
    /// <param name="Another">Makes another of its kind.</param>
    internal sealed record Twin(Stream Stream, Socket Peer, Action EndWriting, Func<Twin> Another);

    /// <summary>Demands that each call, on streams of its own that <paramref name="prepare"/> has prepared, ends alike for both kinds.</summary>
    internal async Task Compare(
        Action<Twin> prepare, (string Name, Func<Twin, object?> Call)[] calls, bool leaveOpen = false)
    {
        List<string> differences = [];
        foreach ((string name, Func<Twin, object?> call) in calls)
        {
            string there = await Run(NetworkStream(leaveOpen), prepare, call);
            string here = await Run(ConnStream(leaveOpen), prepare, call);
            if (here != there)
            {
                differences.Add($"{name} {here}, where NetworkStream {there}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    public void Dispose() => _listener.Dispose();

    private Twin NetworkStream(bool leaveOpen)
    {
        Socket socket = _scenario.Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        socket.Connect(_listener.LocalEndPoint!);
        return new Twin(
            new NetworkStream(socket, ownsSocket: !leaveOpen),
            Accept(),
            () => socket.Shutdown(SocketShutdown.Send),
            () => NetworkStream(leaveOpen));
    }

    private Twin ConnStream(bool leaveOpen)
    {
        Conn conn = _scenario.Dial(_listener.LocalEndPoint!.ToString()!).GetAwaiter().GetResult();
        return new Twin(conn.AsStream(leaveOpen), Accept(), conn.CloseWrite, () => ConnStream(leaveOpen));
    }

    private Socket Accept()
    {
        Socket peer = _scenario.Own(_listener.Accept());
        peer.ReceiveTimeout = PatienceMilliseconds;
        return peer;
    }

    private static async Task<string> Run(Twin twin, Action<Twin> prepare, Func<Twin, object?> call)
    {
        prepare(twin);
        object? result;
        try
        {
            result = call(twin);
        }
        catch (Exception e)
        {
            return $"throws {Name(e)}";
        }

        if (result is not Task task)
        {
            return $"returns {result}";
        }

        try
        {
            await task.WaitAsync(TimeSpan.FromMilliseconds(PatienceMilliseconds));
            return $"ends with {(task as Task<int>)?.Result}";
        }
        catch (Exception e)
        {
            return $"fails with {Name(e)}";
        }
    }

    // An OpError is an IOException for those who know only that.
    private static string Name(Exception e)
    {
        string name = e is OpError ? nameof(IOException) : e.GetType().Name;
        return e switch
        {
            ArgumentException { ParamName: { } parameter } => $"{name} of {parameter}",
            SocketException { SocketErrorCode: var code } => $"{name} {code}",
            { InnerException: { } inner } => $"{name} around {Name(inner)}",
            _ => name,
        };
    }
}
