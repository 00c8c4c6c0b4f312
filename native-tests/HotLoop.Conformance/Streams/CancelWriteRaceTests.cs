using HotLoop.TestKit;

namespace HotLoop.Conformance.Streams;

/// <summary>Writes canceled at any moment: what arrives is the beginning of each, in order, and all of those that ended well.</summary>
public sealed class CancelWriteRaceTests(LoopsFixture loops) : ConformanceTests(loops)
{
    private const int Rounds = 1000;
    private const byte Start = 255;

    [Theory, ClassData(typeof(Backends))]
    public Task They_send_a_beginning_and_nothing_else(BackendKind backend) => RunBoth(backend, async t =>
    {
        (Conn conn, Conn peer) = await t.NarrowPair();
        await using ConnStream stream = conn.AsStream();
        MemoryStream got = new();
        Task<IoResult> drain = Task.Run(() => Scenario.ReadUpTo(peer, long.MaxValue, part => got.Write(part.Span)));
        Random random = new(2);
        List<(int Length, bool Whole)> sent = [];
        for (int i = 0; i < Rounds; i++)
        {
            using CancellationTokenSource source = new();
            byte[] bytes = Message(i, random.Next(16, 64 * 1024));
            Task write = stream.WriteAsync(bytes, source.Token).AsTask();
            int spins = random.Next(4000);
            Task cancel = Task.Run(() =>
            {
                Thread.SpinWait(spins);
                source.Cancel();
            });
            await Task.WhenAny(write);
            Assert.True(write.IsCompletedSuccessfully || write.IsCanceled, write.Exception?.ToString());
            sent.Add((bytes.Length, !write.IsCanceled));
            await cancel;
        }

        stream.CloseWrite();
        Assert.Null((await drain).Error);
        Check(sent, got.ToArray());
        Assert.Contains(sent, s => !s.Whole);
        Assert.Contains(sent, s => s.Whole);
    });

    // Begins with a byte that does not occur in it again.
    private static byte[] Message(int number, int length)
    {
        byte[] bytes = new byte[length];
        bytes[0] = Start;
        for (int i = 1; i < length; i++)
        {
            bytes[i] = (byte)(((number * 7) + i) % Start);
        }

        return bytes;
    }

    private static void Check(List<(int Length, bool Whole)> sent, ReadOnlySpan<byte> got)
    {
        int number = 0;
        while (!got.IsEmpty)
        {
            Assert.True(got[0] == Start, $"a message before {number} goes on");
            int next = got[1..].IndexOf(Start);
            ReadOnlySpan<byte> piece = next < 0 ? got : got[..(next + 1)];
            while (!IsBeginning(piece, number, sent[number].Length))
            {
                Assert.False(sent[number].Whole, $"message {number} is missing");
                number++; // canceled before its first byte
            }

            Assert.True(!sent[number].Whole || piece.Length == sent[number].Length, $"message {number} is cut");
            got = got[piece.Length..];
            number++;
        }

        Assert.DoesNotContain(sent.Skip(number), s => s.Whole);
    }

    private static bool IsBeginning(ReadOnlySpan<byte> piece, int number, int length) =>
        piece.Length <= length && piece.SequenceEqual(Message(number, piece.Length));
}
