namespace HotLoop.Naming;

/// <summary>Which texts are host names, and may go to the system's resolver.</summary>
internal static class HostName
{
    // RFC 1035, in bytes: of a label, and of a name with the dot at its end.
    private const int LongestLabel = 63;
    private const int LongestName = 254;

    /// <summary>
    /// Go's rule: labels of letters, digits, "-" and "_", not all of them numbers, and a dot at the end at will. Beyond Go, hexadecimal
    /// numbers are numbers too: inet_aton(3), and so a resolver, takes "0x7f.1" for an address.
    /// </summary>
    internal static bool IsValid(string name)
    {
        ReadOnlySpan<char> labels = name.AsSpan(name.EndsWith('.') ? ..^1 : ..);
        if (labels.Length >= LongestName)
        {
            return false;
        }

        bool areNumbers = true;
        foreach (Range range in labels.Split('.'))
        {
            ReadOnlySpan<char> label = labels[range];
            if (!IsLabel(label))
            {
                return false;
            }

            areNumbers &= IsNumber(label);
        }

        return !areNumbers;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        foreach (char c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return label.Length is > 0 and <= LongestLabel && label[0] != '-' && label[^1] != '-';
    }

    // As C writes them: decimal, octal or hexadecimal.
    private static bool IsNumber(ReadOnlySpan<char> label)
    {
        bool isHex = label.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        foreach (char c in isHex ? label[2..] : label)
        {
            if (!(isHex ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c)))
            {
                return false;
            }
        }

        return true;
    }
}
