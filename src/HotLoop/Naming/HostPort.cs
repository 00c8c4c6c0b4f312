using System.Globalization;

namespace HotLoop.Naming;

/// <summary>"host:port" strings, taken apart and put together by Go's rules and with Go's complaints.</summary>
internal static class HostPort
{
    internal static string Join(string host, int port) =>
        host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}")
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");

    /// <summary>Null, or what is wrong with <paramref name="text"/>.</summary>
    internal static string? Split(string text, out string host, out string port)
    {
        host = port = "";
        int lastColon = text.LastIndexOf(':');
        if (lastColon < 0)
        {
            return $"address {text}: missing port in address";
        }

        int rest = 0; // where brackets are not expected any more
        if (text[0] == '[')
        {
            int close = text.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
            {
                return $"address {text}: missing ']' in address";
            }

            if (close + 1 != lastColon)
            {
                bool colonFollows = close + 1 < text.Length && text[close + 1] == ':';
                return $"address {text}: {(colonFollows ? "too many colons" : "missing port")} in address";
            }

            host = text[1..close];
            rest = close + 1;
            if (host.Contains('[', StringComparison.Ordinal))
            {
                return $"address {text}: unexpected '[' in address";
            }
        }
        else
        {
            host = text[..lastColon];
            if (host.Contains(':', StringComparison.Ordinal))
            {
                return $"address {text}: too many colons in address";
            }
        }

        if (text.AsSpan(rest).Contains('['))
        {
            return $"address {text}: unexpected '[' in address";
        }

        if (text.AsSpan(rest).Contains(']'))
        {
            return $"address {text}: unexpected ']' in address";
        }

        port = text[(lastColon + 1)..];
        return null;
    }

    /// <summary>A number, with an optional sign, or a service's name; empty is 0. Null, or what is wrong with it.</summary>
    internal static string? ParsePort(string network, string text, out int port)
    {
        port = 0;
        if (text.Length == 0)
        {
            return null;
        }

        int digits = text[0] is '+' or '-' ? 1 : 0;
        bool isNumber = text.Length > digits && !text.AsSpan(digits).ContainsAnyExceptInRange('0', '9');
        if (!isNumber)
        {
            return Services.TryFind(text, out port) ? null : $"address {network}/{text}: unknown port";
        }

        bool inRange = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out port)
            && port is >= 0 and <= 65535;
        return inRange ? null : $"address {text}: invalid port";
    }
}
