using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HotLoop.Naming;

/// <summary>
/// IP addresses as text, read and written as Go does. One notation is one address: what other parsers take besides ("0177.0.0.1", "127.1")
/// is none, for they do not agree on what it means.
/// </summary>
internal static class IpLiteral
{
    private const int Groups = 8;

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>
    /// Takes four decimal numbers without leading zeros, or the text of RFC 4291, section 2.2; behind that, after "%", may be a zone, which is not
    /// empty and without NUL (RFC 4007, section 11).
    /// </summary>
    internal static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? ip, out string? zone)
    {
        ip = null;
        zone = null;
        Span<byte> bytes = stackalloc byte[2 * Groups];
        if (!text.Contains(':'))
        {
            ip = TryParseIPv4(text, bytes) ? new IPAddress(bytes[..4]) : null;
            return ip is not null;
        }

        int percent = text.IndexOf('%');
        if (percent >= 0)
        {
            ReadOnlySpan<char> behind = text[(percent + 1)..];
            if (behind.IsEmpty || behind.Contains('\0'))
            {
                return false;
            }

            zone = behind.ToString();
            text = text[..percent];
        }

        ip = TryParseIPv6(text, bytes) ? new IPAddress(bytes) : null;
        return ip is not null;
    }

    /// <summary>RFC 5952. Of the addresses that contain an IPv4 one, only the mapped ones show it with dots.</summary>
    internal static string Format(IPAddress ip)
    {
        if (ip.AddressFamily == AddressFamily.InterNetwork)
        {
            return ip.ToString();
        }

        if (ip.IsIPv4MappedToIPv6)
        {
            return $"::ffff:{ip.MapToIPv4()}";
        }

        Span<byte> bytes = stackalloc byte[2 * Groups];
        _ = ip.TryWriteBytes(bytes, out _);
        (int zerosAt, int zeros) = LongestZeros(bytes);
        Span<char> text = stackalloc char[5 * Groups];
        int length = 0;
        for (int i = 0; i < Groups; i++)
        {
            if (i == zerosAt)
            {
                text[length++] = ':';
                text[length++] = ':';
                i += zeros - 1;
                continue;
            }

            if (i > 0 && i != zerosAt + zeros)
            {
                text[length++] = ':';
            }

            _ = Group(bytes, i).TryFormat(text[length..], out int written, "x", CultureInfo.InvariantCulture);
            length += written;
        }

        return new string(text[..length]);
    }

    private static bool TryParseIPv4(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        for (int i = 0; i < 4; i++)
        {
            int digits = 0;
            int value = 0;
            while (digits < text.Length && digits < 4 && char.IsAsciiDigit(text[digits]))
            {
                value = (10 * value) + text[digits++] - '0';
            }

            if (digits == 0 || value > 255 || (text[0] == '0' && digits > 1))
            {
                return false;
            }

            bytes[i] = (byte)value;
            text = text[digits..];
            if (i < 3)
            {
                if (text.IsEmpty || text[0] != '.')
                {
                    return false;
                }

                text = text[1..];
            }
        }

        return text.IsEmpty;
    }

    private static bool TryParseIPv6(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        bytes.Clear();
        int gap = text.IndexOf("::");
        if (gap < 0)
        {
            return ParseGroups(text, bytes, mayEndInIPv4: true) == bytes.Length;
        }

        // The "::" stands for one group of zeros at least.
        Span<byte> after = stackalloc byte[2 * Groups];
        int head = ParseGroups(text[..gap], bytes, mayEndInIPv4: false);
        int tail = ParseGroups(text[(gap + 2)..], after, mayEndInIPv4: true);
        if (head < 0 || tail < 0 || head + tail > bytes.Length - 2)
        {
            return false;
        }

        after[..tail].CopyTo(bytes[^tail..]);
        return true;
    }

    // Groups with one colon between two of them, or nothing. How many bytes they are; -1: no such text.
    private static int ParseGroups(ReadOnlySpan<char> text, Span<byte> bytes, bool mayEndInIPv4)
    {
        int length = 0;
        bool more = !text.IsEmpty;
        while (more)
        {
            int colon = text.IndexOf(':');
            more = colon >= 0;
            ReadOnlySpan<char> group = more ? text[..colon] : text;
            text = text[(colon + 1)..];
            if (!more && mayEndInIPv4 && group.Contains('.'))
            {
                return length + 4 <= bytes.Length && TryParseIPv4(group, bytes[length..]) ? length + 4 : -1;
            }

            if (group.Length is 0 or > 4 || group.ContainsAnyExcept(s_hexDigits) || length == bytes.Length)
            {
                return -1;
            }

            int value = int.Parse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            bytes[length++] = (byte)(value >> 8);
            bytes[length++] = (byte)value;
        }

        return length;
    }

    // The first of the longest runs of two zero groups or more, at -1 if there is none.
    private static (int At, int Count) LongestZeros(ReadOnlySpan<byte> bytes)
    {
        (int At, int Count) longest = (-1, 1);
        int start = 0;
        for (int i = 0; i < Groups; i++)
        {
            if (Group(bytes, i) != 0)
            {
                start = i + 1;
            }
            else if (i + 1 - start > longest.Count)
            {
                longest = (start, i + 1 - start);
            }
        }

        return longest;
    }

    private static int Group(ReadOnlySpan<byte> bytes, int index) => (bytes[2 * index] << 8) | bytes[(2 * index) + 1];
}
