using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;

namespace HotLoop.Load;

/// <summary>Finds where responses of HTTP/1.1 end (RFC 9112, 6.3), from bytes that come in pieces. The bodies themselves are skipped.</summary>
internal sealed class HttpResponseParser
{
    private const int HeadBytesMax = 32 * 1024;

    private enum Part
    {
        Head,
        Body,
        BodyToEnd,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
    }

    private readonly List<byte> _held = []; // the beginning of a head or of a line
    private Part _part;
    private long _left; // bytes of the body, or of the chunk
    private bool _chunked;

    /// <summary>Status of the response that is coming, or came last.</summary>
    internal int Status { get; private set; }

    /// <summary>Whether it said, or implied, that the connection ends after it.</summary>
    internal bool Closes { get; private set; }

    /// <summary>Whether the response that is coming ends where the stream does.</summary>
    internal bool EndsWithStream => _part == Part.BodyToEnd;

    /// <summary>Takes bytes up to the end of a response; what is behind that stays in <paramref name="data"/>.</summary>
    internal HttpProgress Take(ref ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            HttpProgress progress = _part switch
            {
                Part.Head => TakeHead(ref data),
                Part.Body => TakeBody(ref data, HttpProgress.Complete),
                Part.Chunk => TakeBody(ref data, HttpProgress.Partial),
                Part.BodyToEnd => TakeAll(ref data),
                _ => TakeLine(ref data),
            };
            if (progress == HttpProgress.Complete)
            {
                _part = Part.Head;
            }

            if (progress != HttpProgress.Partial)
            {
                return progress;
            }
        }

        return HttpProgress.Partial;
    }

    private static HttpProgress TakeAll(ref ReadOnlySpan<byte> data)
    {
        data = default;
        return HttpProgress.Partial;
    }

    private HttpProgress TakeBody(ref ReadOnlySpan<byte> data, HttpProgress atEnd)
    {
        int length = (int)Math.Min(_left, data.Length);
        data = data[length..];
        _left -= length;
        if (_left > 0)
        {
            return HttpProgress.Partial;
        }

        _part = Part.ChunkEnd;
        return atEnd;
    }

    private HttpProgress TakeHead(ref ReadOnlySpan<byte> data)
    {
        if (!TakeThrough("\r\n\r\n"u8, ref data, out ReadOnlySpan<byte> head))
        {
            ReadOnlySpan<byte> begin = CollectionsMarshal.AsSpan(_held)[..Math.Min(_held.Count, 7)];
            return _held.Count > HeadBytesMax || !"HTTP/1."u8.StartsWith(begin) ? HttpProgress.Malformed : HttpProgress.Partial;
        }

        bool isValid = ReadHead(head);
        _held.Clear();
        if (!isValid)
        {
            return HttpProgress.Malformed;
        }

        if (Status is >= 100 and < 200)
        {
            return HttpProgress.Partial; // an interim response: the one that counts follows
        }

        if (Status is 204 or 304)
        {
            return HttpProgress.Complete;
        }

        _part = _chunked ? Part.ChunkSize : _left < 0 ? Part.BodyToEnd : Part.Body;
        Closes |= _part == Part.BodyToEnd;
        return _part == Part.Body && _left == 0 ? HttpProgress.Complete : HttpProgress.Partial;
    }

    private HttpProgress TakeLine(ref ReadOnlySpan<byte> data)
    {
        if (!TakeThrough("\r\n"u8, ref data, out ReadOnlySpan<byte> line))
        {
            return _held.Count > HeadBytesMax ? HttpProgress.Malformed : HttpProgress.Partial;
        }

        bool isEmpty = line.Length == 0;
        bool isSize = Utf8Parser.TryParse(line, out _left, out int used, 'x') && used > 0 && _left >= 0;
        _held.Clear();
        switch (_part)
        {
            case Part.ChunkSize when isSize:
                _part = _left == 0 ? Part.Trailer : Part.Chunk;
                return HttpProgress.Partial;
            case Part.ChunkEnd when isEmpty:
                _part = Part.ChunkSize;
                return HttpProgress.Partial;
            case Part.Trailer:
                return isEmpty ? HttpProgress.Complete : HttpProgress.Partial;
            default:
                return HttpProgress.Malformed;
        }
    }

    // True: `found` is what stands before the mark, in `data` if all of it came at once.
    private bool TakeThrough(ReadOnlySpan<byte> mark, ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> found)
    {
        if (_held.Count == 0)
        {
            int at = data.IndexOf(mark);
            if (at >= 0)
            {
                found = data[..at];
                data = data[(at + mark.Length)..];
                return true;
            }
        }

        found = default;
        while (data.Length > 0)
        {
            _held.Add(data[0]);
            data = data[1..];
            ReadOnlySpan<byte> held = CollectionsMarshal.AsSpan(_held);
            if (held.EndsWith(mark))
            {
                found = held[..^mark.Length];
                return true;
            }
        }

        return false;
    }

    private bool ReadHead(ReadOnlySpan<byte> head)
    {
        int lineEnd = head.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> first = lineEnd < 0 ? head : head[..lineEnd];
        if (first.Length < 12 || !first.StartsWith("HTTP/1."u8) || first[8] != ' '
            || !Utf8Parser.TryParse(first[9..12], out int status, out int used) || used != 3 || status < 100)
        {
            return false;
        }

        Status = status;
        Closes = first[7] == '0';
        _left = -1;
        _chunked = false;
        while (lineEnd >= 0)
        {
            head = head[(lineEnd + 2)..];
            lineEnd = head.IndexOf("\r\n"u8);
            if (!ReadField(lineEnd < 0 ? head : head[..lineEnd]))
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        ReadOnlySpan<byte> name = line[..colon], value = line[(colon + 1)..].Trim(" \t"u8);
        if (IsSame(name, "content-length"u8))
        {
            return Utf8Parser.TryParse(value, out _left, out int used) && used == value.Length && _left >= 0;
        }

        if (IsSame(name, "transfer-encoding"u8))
        {
            _chunked = IsSame(value, "chunked"u8);
            return _chunked;
        }

        if (IsSame(name, "connection"u8))
        {
            foreach (Range option in value.Split((byte)','))
            {
                ReadOnlySpan<byte> word = value[option].Trim(" \t"u8);
                Closes = IsSame(word, "close"u8) || (Closes && !IsSame(word, "keep-alive"u8));
            }
        }

        return true;
    }

    private static bool IsSame(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(text, name);
}
