using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HotLoop.Load;

/// <summary>Whom the load is for.</summary>
/// <param name="Protocol">What a request is.</param>
/// <param name="Address">"host:port", as <see cref="Dialer.DialAsync(string, string, CancellationToken)"/> takes it.</param>
/// <param name="Path">HTTP: path and query of the request; "/" if the URL has none. Empty otherwise.</param>
public sealed record LoadTarget(LoadProtocol Protocol, string Address, string Path)
{
    /// <summary>Reads <c>tcp://HOST:PORT</c> or <c>http://HOST[:PORT][/PATH]</c>.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="target">The target, if true is returned.</param>
    /// <param name="problem">What is wrong with the text, if false is returned.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out LoadTarget? target, [NotNullWhen(false)] out string? problem)
    {
        target = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            problem = $"'{text}' is no URL such as tcp://127.0.0.1:8888 or http://127.0.0.1:8080/path";
            return false;
        }

        switch (uri.Scheme)
        {
            case "tcp" when uri.Port < 0:
                problem = $"'{text}' names no port";
                return false;
            case "tcp" when uri.PathAndQuery is not ("/" or ""):
                problem = $"'{text}' has a path, which an echo has not";
                return false;
            case "tcp":
                target = new LoadTarget(LoadProtocol.Echo, AddressOf(uri), "");
                break;
            case "http":
                target = new LoadTarget(LoadProtocol.Http, AddressOf(uri), uri.PathAndQuery);
                break;
            default:
                problem = $"the scheme of '{text}' is neither tcp nor http";
                return false;
        }

        problem = null;
        return true;
    }

    /// <summary>The URL.</summary>
    public override string ToString() => (Protocol == LoadProtocol.Http ? "http://" : "tcp://") + Address + Path;

    // Uri.Host keeps the brackets of an IPv6 address.
    private static string AddressOf(Uri uri) => string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{uri.Port}");
}
