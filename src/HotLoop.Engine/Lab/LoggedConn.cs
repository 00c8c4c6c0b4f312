using System.Text;

namespace HotLoop.Engine.Lab;

/// <summary>One end of a connection, which writes into the log what is done with it.</summary>
internal sealed class LoggedConn(Log log, Side side, Conn conn)
{
    // A read of much data takes it in such pieces.
    private const int PieceBytes = 64 * 1024;

    internal string LocalAddress { get; } = conn.LocalAddress.ToString();

    internal string RemoteAddress { get; } = conn.RemoteAddress.ToString();

    /// <summary>Go's text of an error here: <c>read tcp 127.0.0.1:1->127.0.0.1:2: i/o timeout</c>.</summary>
    internal string ErrorText(string operation, string cause) =>
        $"{operation} tcp {LocalAddress}->{RemoteAddress}: {cause}";

    /// <summary>One read.</summary>
    /// <param name="size">Of the buffer.</param>
    internal Task<Outcome> ReadAsync(int size)
    {
        byte[] buffer = new byte[size];
        return log.CallAsync(side, $"read into {size}", async () => Outcome.OfRead(await conn.TryReadAsync(buffer), buffer));
    }

    /// <summary>Reads until so many bytes have come, or the end, or an error: Go's <c>io.ReadFull</c>.</summary>
    internal Task<Outcome> ReadFullAsync(int size) => log.CallAsync(side, $"reads of {size} in all", async () =>
    {
        byte[] buffer = new byte[size];
        int total = 0;
        int reads = 0;
        while (total < size)
        {
            Memory<byte> piece = buffer.AsMemory(total, Math.Min(PieceBytes, size - total));
            Outcome read = Outcome.OfRead(await conn.TryReadAsync(piece), piece);
            reads++;
            total += read.Data.Length;
            if (read.Error is not null)
            {
                return read with { Count = total, Data = buffer.AsMemory(0, total) };
            }
        }

        return new Outcome { Count = total, Data = buffer, Note = $"{reads} reads" };
    });

    internal Task<Outcome> WriteAsync(string text) => WriteAsync(Encoding.ASCII.GetBytes(text));

    internal Task<Outcome> WriteAsync(ReadOnlyMemory<byte> data) =>
        log.CallAsync(side, $"write of {data.Length}", async () => Outcome.OfWrite(await conn.TryWriteAsync(data)));

    /// <returns>The deadline, as a time of the log.</returns>
    internal TimeSpan SetReadDeadline(TimeSpan timeout)
    {
        TimeSpan now = log.Now;
        conn.SetReadDeadline(Deadline.After(timeout));
        log.Write(side, $"read deadline in {timeout.TotalMilliseconds:0} ms");
        return now + timeout;
    }

    internal void ClearReadDeadline()
    {
        conn.SetReadDeadline(Deadline.None);
        log.Write(side, "read deadline cleared");
    }

    /// <returns>The deadline, as a time of the log.</returns>
    internal TimeSpan SetWriteDeadline(TimeSpan timeout)
    {
        TimeSpan now = log.Now;
        conn.SetWriteDeadline(Deadline.After(timeout));
        log.Write(side, $"write deadline in {timeout.TotalMilliseconds:0} ms");
        return now + timeout;
    }

    internal void ExpireWriteDeadline()
    {
        conn.SetWriteDeadline(Deadline.Past);
        log.Write(side, "write deadline in the past");
    }

    internal void ClearWriteDeadline()
    {
        conn.SetWriteDeadline(Deadline.None);
        log.Write(side, "write deadline cleared");
    }

    internal void SetWriteBuffer(int bytes)
    {
        conn.SetWriteBuffer(bytes);
        log.Write(side, $"write buffer of {bytes}");
    }

    internal void SetReadBuffer(int bytes)
    {
        conn.SetReadBuffer(bytes);
        log.Write(side, $"read buffer of {bytes}");
    }

    internal void SetLinger(int seconds)
    {
        conn.SetLinger(seconds);
        log.Write(side, $"linger of {seconds}");
    }

    internal void CloseWrite()
    {
        conn.CloseWrite();
        log.Write(side, "close of the writing half");
    }

    /// <returns>The time of the log just before.</returns>
    internal TimeSpan Close()
    {
        TimeSpan now = log.Now;
        log.Write(side, "close");
        conn.Close();
        return now;
    }
}
