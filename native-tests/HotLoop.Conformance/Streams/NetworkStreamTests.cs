using System.Net.Sockets;
using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>
/// Whatever code was written for a <see cref="NetworkStream"/> finds the same here: results, and exceptions down to the name of the argument.
/// </summary>
public sealed class NetworkStreamTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private static readonly CancellationToken s_canceled = new(canceled: true);

    private static readonly (string, Func<Twins.Twin, object?>)[] s_members =
    [
        ("CanRead", t => t.Stream.CanRead),
        ("CanWrite", t => t.Stream.CanWrite),
        ("CanSeek", t => t.Stream.CanSeek),
        ("CanTimeout", t => t.Stream.CanTimeout),
        ("Length", t => t.Stream.Length),
        ("Position", t => t.Stream.Position),
        ("Position = 0", t => t.Stream.Position = 0),
        ("Seek", t => t.Stream.Seek(0, SeekOrigin.Begin)),
        ("SetLength", t => Done(() => t.Stream.SetLength(0))),
        ("ReadTimeout", t => t.Stream.ReadTimeout),
        ("WriteTimeout", t => t.Stream.WriteTimeout),
        ("ReadTimeout = -1", t => t.Stream.ReadTimeout = -1),
        ("ReadTimeout = 0", t => t.Stream.ReadTimeout = 0),
        ("ReadTimeout = -2", t => t.Stream.ReadTimeout = -2),
        ("ReadTimeout = 7000", t => (t.Stream.ReadTimeout = 7000, t.Stream.ReadTimeout)),
        ("WriteTimeout = -1", t => t.Stream.WriteTimeout = -1),
        ("WriteTimeout = 0", t => t.Stream.WriteTimeout = 0),
        ("WriteTimeout = -2", t => t.Stream.WriteTimeout = -2),
        ("WriteTimeout = 7000", t => (t.Stream.WriteTimeout = 7000, t.Stream.WriteTimeout)),
        ("Flush", t => Done(t.Stream.Flush)),
        ("FlushAsync", t => t.Stream.FlushAsync()),
        ("FlushAsync, canceled", t => t.Stream.FlushAsync(s_canceled)),
        ("Dispose twice", t => Done(() =>
        {
            t.Stream.Dispose();
            t.Stream.Dispose();
            t.Stream.Close();
        })),
    ];

    // Those that the connection has no part in.
    private static readonly (string, Func<Twins.Twin, object?>)[] s_arguments =
    [
        .. new (string Name, Func<Stream, byte[], int, int, object?> Call)[]
        {
            ("Read", (s, buffer, offset, count) => s.Read(buffer, offset, count)),
            ("Write", (s, buffer, offset, count) => Done(() => s.Write(buffer, offset, count))),
            ("ReadAsync", (s, buffer, offset, count) => s.ReadAsync(buffer, offset, count)),
            ("WriteAsync", (s, buffer, offset, count) => s.WriteAsync(buffer, offset, count)),
            ("BeginRead", (s, buffer, offset, count) => s.BeginRead(buffer, offset, count, null, null)),
            ("BeginWrite", (s, buffer, offset, count) => s.BeginWrite(buffer, offset, count, null, null)),
        }.SelectMany(method => new (byte[] Buffer, int Offset, int Count)[]
        {
            (null!, 0, 0), (new byte[2], -1, 1), (new byte[2], 1, -1), (new byte[2], 0, 3), (new byte[2], 2, 1), (new byte[2], 3, 0),
            (new byte[2], int.MaxValue, int.MaxValue),
        }.Select(a => (
            $"{method.Name}({a.Buffer?.Length}, {a.Offset}, {a.Count})",
            (Func<Twins.Twin, object?>)(t => method.Call(t.Stream, a.Buffer!, a.Offset, a.Count))))),
        ("CopyTo(null)", t => Done(() => t.Stream.CopyTo(null!))),
        ("CopyTo(.., 0)", t => Done(() => t.Stream.CopyTo(Stream.Null, 0))),
        ("CopyTo(read-only)", t => Done(() => t.Stream.CopyTo(new MemoryStream([], writable: false)))),
        ("CopyToAsync(null)", t => t.Stream.CopyToAsync(null!)),
        ("CopyToAsync(.., 0)", t => t.Stream.CopyToAsync(Stream.Null, 0)),
        ("CopyToAsync(read-only)", t => t.Stream.CopyToAsync(new MemoryStream([], writable: false))),
        ("ReadAsync, canceled", t => t.Stream.ReadAsync(new byte[1], s_canceled).AsTask()),
        ("WriteAsync, canceled", t => t.Stream.WriteAsync(new byte[1], s_canceled).AsTask()),
    ];

    private static readonly (string, Func<Twins.Twin, object?>)[] s_reads =
    [
        ("Read", t => t.Stream.Read(new byte[8], 0, 8)),
        ("Read a span", t => t.Stream.Read(new byte[8])),
        ("Read none", t => t.Stream.Read([], 0, 0)),
        ("Read none into a span", t => t.Stream.Read([])),
        ("Read none, then all", t => (t.Stream.Read([], 0, 0), t.Stream.Read(new byte[8], 0, 8))),
        ("ReadByte", t => t.Stream.ReadByte()),
        ("ReadByte twice", t => (t.Stream.ReadByte(), t.Stream.ReadByte())),
        ("ReadAtLeast", t => t.Stream.ReadAtLeast(new byte[8], 2, throwOnEndOfStream: false)),
        ("ReadExactly", t => Done(() => t.Stream.ReadExactly(new byte[2], 0, 2))),
        ("ReadAsync", t => t.Stream.ReadAsync(new byte[8], 0, 8)),
        ("ReadAsync into memory", t => t.Stream.ReadAsync(new byte[8]).AsTask()),
        ("ReadAsync of none", t => t.Stream.ReadAsync([], 0, 0)),
        ("ReadAsync of none into memory", t => t.Stream.ReadAsync(Memory<byte>.Empty).AsTask()),
        ("ReadAsync twice", t => Twice(t.Stream)),
        ("EndRead(BeginRead)", t => t.Stream.EndRead(t.Stream.BeginRead(new byte[8], 0, 8, null, null))),
    ];

    private static readonly (string, Func<Twins.Twin, object?>)[] s_writes =
    [
        ("Write", t => Done(() => t.Stream.Write(new byte[8], 0, 8))),
        ("Write a span", t => Done(() => t.Stream.Write(new byte[8]))),
        ("Write none", t => Done(() => t.Stream.Write([], 0, 0))),
        ("WriteByte", t => Done(() => t.Stream.WriteByte(1))),
        ("WriteAsync", t => t.Stream.WriteAsync(new byte[8], 0, 8)),
        ("WriteAsync of memory", t => t.Stream.WriteAsync(new byte[8]).AsTask()),
        ("WriteAsync of none", t => t.Stream.WriteAsync(Memory<byte>.Empty).AsTask()),
        ("EndWrite(BeginWrite)", t => Done(() => t.Stream.EndWrite(t.Stream.BeginWrite(new byte[8], 0, 8, null, null)))),
    ];

    private static readonly (string, Func<Twins.Twin, object?>)[] s_ends =
    [
        ("EndRead(null)", t => t.Stream.EndRead(null!)),
        ("EndWrite(null)", t => Done(() => t.Stream.EndWrite(null!))),
        ("EndRead(a stranger's)", t => t.Stream.EndRead(Task.FromResult(1))),
        ("EndWrite(a stranger's)", t => Done(() => t.Stream.EndWrite(Task.CompletedTask))),
        ("EndRead(another kind's)", t => t.Stream.EndRead(new MemoryStream(new byte[8]).BeginRead(new byte[8], 0, 8, null, null))),
        ("EndWrite(another kind's)", t => Done(() => t.Stream.EndWrite(new MemoryStream().BeginWrite(new byte[8], 0, 8, null, null)))),
        ("EndRead(another stream's)", t => t.Stream.EndRead(t.Another().Stream.BeginWrite(new byte[8], 0, 8, null, null))),
        ("EndWrite(another stream's)", t => Done(() => t.Stream.EndWrite(t.Another().Stream.BeginWrite(new byte[8], 0, 8, null, null)))),
    ];

    [Theory, ClassData(typeof(Backends))]
    public Task Of_an_open_stream(BackendKind backend) => Compare(
        backend, _ => { }, [.. s_members, .. s_arguments, .. s_writes, .. s_ends]);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_one_that_has_something_to_read(BackendKind backend) => Compare(backend, t => t.Peer.Send(new byte[3]), s_reads);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_one_at_its_end(BackendKind backend) => Compare(
        backend,
        t => t.Peer.Shutdown(SocketShutdown.Send),
        [.. s_members, .. s_reads, .. s_writes, ("CopyTo", t => Done(() => t.Stream.CopyTo(Stream.Null)))]);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_one_whose_peer_has_reset(BackendKind backend) => Compare(backend, Reset, [.. s_members, .. s_reads, .. s_writes]);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_one_whose_writing_is_ended(BackendKind backend) => Compare(backend, t => t.EndWriting(), [.. s_members, .. s_writes]);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_a_disposed_one(BackendKind backend) => Compare(
        backend, t => t.Stream.Dispose(), [.. s_members, .. s_arguments, .. s_reads, .. s_writes, .. s_ends]);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_a_disposed_one_whose_connection_is_left_open(BackendKind backend) => Compare(
        backend, t => t.Stream.Dispose(), [.. s_members, .. s_arguments, .. s_reads, .. s_writes, .. s_ends], leaveOpen: true);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_calls_that_wait(BackendKind backend) => Compare(
        backend,
        _ => { },
        [
            ("ReadAsync, then Dispose", t => Then(t.Stream.ReadAsync(new byte[8]).AsTask(), t.Stream.Dispose)),
            ("ReadAsync, then a reset", t => Then(t.Stream.ReadAsync(new byte[8]).AsTask(), () => Reset(t))),
            ("ReadAsync, then cancel", t => Canceled(token => t.Stream.ReadAsync(new byte[8], token).AsTask())),
            ("ReadAsync of none, then cancel", t => Canceled(token => t.Stream.ReadAsync(Memory<byte>.Empty, token).AsTask())),
            ("Read, timed out", t => TimedOut(t.Stream, () => t.Stream.Read(new byte[8], 0, 8))),
            ("Read a span, timed out", t => TimedOut(t.Stream, () => t.Stream.Read(new byte[8]))),
            ("ReadByte, timed out", t => TimedOut(t.Stream, () => t.Stream.ReadByte())),
        ]);

    [Theory, ClassData(typeof(Backends))]
    public Task Of_pairs_that_do_not_match(BackendKind backend) => Compare(
        backend,
        t => t.Peer.Send(new byte[3]),
        [
            ("EndRead(a write)", t => t.Stream.EndRead(t.Stream.BeginWrite(new byte[5], 0, 5, null, null))),
            ("EndWrite(a read)", t => Done(() => t.Stream.EndWrite(t.Stream.BeginRead(new byte[5], 0, 5, null, null)))),
            ("EndRead twice", t =>
            {
                IAsyncResult read = t.Stream.BeginRead(new byte[5], 0, 5, null, null);
                return (t.Stream.EndRead(read), t.Stream.EndRead(read));
            }),
            ("EndWrite twice", t => Done(() =>
            {
                IAsyncResult write = t.Stream.BeginWrite(new byte[5], 0, 5, null, null);
                t.Stream.EndWrite(write);
                t.Stream.EndWrite(write);
            })),
            ("EndRead after Dispose", t =>
            {
                IAsyncResult read = t.Stream.BeginRead(new byte[5], 0, 5, null, null);
                t.Stream.Dispose();
                return t.Stream.EndRead(read);
            }),
            ("EndWrite after Dispose", t => Done(() =>
            {
                IAsyncResult write = t.Stream.BeginWrite(new byte[5], 0, 5, null, null);
                t.Stream.Dispose();
                t.Stream.EndWrite(write);
            })),
        ]);

    private Task Compare(
        BackendKind backend, Action<Twins.Twin> prepare, (string, Func<Twins.Twin, object?>)[] calls, bool leaveOpen = false) =>
        RunOffLoop(backend, async t =>
        {
            using Twins twins = new(t);
            await twins.Compare(prepare, calls, leaveOpen);
        });

    private static string Done(Action call)
    {
        call();
        return "nothing";
    }

    private static async Task<int> Twice(Stream stream)
    {
        _ = await stream.ReadAsync(new byte[2]);
        return await stream.ReadAsync(new byte[2]);
    }

    private static Task<int> Then(Task<int> call, Action next)
    {
        Assert.False(call.IsCompleted);
        next();
        return call;
    }

    private static async Task<int> Canceled(Func<CancellationToken, Task<int>> start)
    {
        using CancellationTokenSource source = new();
        Task<int> call = start(source.Token);
        Assert.False(call.IsCompleted);
        await source.CancelAsync();
        return await call;
    }

    private static int TimedOut(Stream stream, Func<int> call)
    {
        stream.ReadTimeout = 20;
        return call();
    }

    private static void Reset(Twins.Twin twin)
    {
        twin.Peer.LingerState = new LingerOption(true, 0);
        twin.Peer.Dispose();
    }
}
