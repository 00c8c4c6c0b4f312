using HotLoop.TestKit;

namespace HotLoop.Conformance;

/// <content>Unix sockets: names that only this run has, and that results show as Go's observations write them.</content>
public sealed partial class Scenario
{
    private TemporaryDirectory? _directory;

    private TemporaryDirectory Directory => _directory ??= Own(MakeDirectory());

    /// <summary>The path of "DIR/sock/echo", in a directory of the run's own.</summary>
    public string PathOf(string shown) => shown.Replace("DIR", Directory.FullPath, StringComparison.Ordinal);

    /// <summary>The abstract name that results show as <paramref name="shown"/>: abstract names are the whole machine's.</summary>
    public string AbstractName(string shown) => $"{shown}-{Directory.Name}";

    public Listener ListenUnix(string shown, string network = "unix", int backlog = 0) => Listen(network, PathOf(shown), backlog);

    /// <summary>Two ends of one connection by way of a listener that stays.</summary>
    public async Task<(Conn Conn, Conn Peer, Listener Listener)> UnixPair(string shown, string network = "unix")
    {
        Listener listener = ListenUnix(shown, network);
        Conn conn = await Dial(PathOf(shown), network);
        return (conn, await Accept(listener), listener);
    }

    /// <summary>As <see cref="GoCases.Normalize"/>, and the run's own names as they are in the data.</summary>
    public string Normalize(string text)
    {
        text = GoCases.Normalize(text);
        return _directory is null
            ? text
            : text.Replace(_directory.FullPath, "DIR", StringComparison.Ordinal)
                .Replace($"-{_directory.Name}", "", StringComparison.Ordinal);
    }

    private static TemporaryDirectory MakeDirectory()
    {
        TemporaryDirectory directory = new();
        System.IO.Directory.CreateDirectory(directory.File("sock"));
        return directory;
    }
}
