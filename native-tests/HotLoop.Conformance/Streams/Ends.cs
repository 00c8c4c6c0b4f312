using System.Net.Sockets;

namespace HotLoop.Conformance.Streams;

/// <summary>How a call on a stream may end other than well.</summary>
internal static class Ends
{
    /// <summary>By its token, and says which.</summary>
    public static async Task Canceled(Task call, CancellationToken token)
    {
        OperationCanceledException e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(token, e.CancellationToken);
        Assert.True(call.IsCanceled);
    }

    /// <summary>By a timeout or deadline, as users of .NET's network streams catch it.</summary>
    public static Task TimedOut(Task call) => With(SocketError.TimedOut, call);

    /// <summary>As an I/O error around a socket error.</summary>
    public static async Task With(SocketError expected, Task call)
    {
        IOException e = await Assert.ThrowsAnyAsync<IOException>(() => call);
        Assert.Equal(expected, Assert.IsType<SocketException>(e.InnerException).SocketErrorCode);
    }

    /// <summary>Because the connection was closed meanwhile.</summary>
    public static async Task Closed(Task call)
    {
        OpError e = await Assert.ThrowsAsync<OpError>(() => call);
        Assert.Equal(OpErrorKind.Closed, e.Kind);
    }
}
