namespace HotLoop.Conformance;

/// <summary>Cases that wait for a part of the library. The coverage test holds this list to be exact; it only gets shorter.</summary>
public static class NotYet
{
    public static IReadOnlyDictionary<string, string[]> ByReason { get; } = new Dictionary<string, string[]>
    {
        ["needs DialTCP or ListenTCP, the functions without a Dialer"] =
        [
            "dial.localaddr/8-9", "dial.options/5", "listen.badaddr/17",
        ],
        ["needs Control, a call between socket and connect or bind"] =
        [
            "dial.localaddr/10-11", "dial.etimedout/1", "listen.badaddr/16",
        ],
        ["needs a cancellation token of Listen"] = ["listen.badaddr/14-15"],
        ["needs a hosts file with a name of two addresses, and racing dials (happy eyeballs)"] = ["dial.eyeballs/1-12"],
        ["needs File, a duplicate of the descriptor"] =
        [
            "listen.close/6", "listen.file/1-4", "listen.emfile/6", "opt.closed/13", "opt.file/1-4",
        ],
        ["needs SyscallConn, the raw descriptor"] =
        [
            "listen.close/7-8", "read.rawconn/1-6", "read.close.waits/1", "opt.closed/14-15",
        ],
        ["needs copying: ReadFrom, splice, sendfile"] = ["write.iocopy/1-16", "opt.closed/16"],
        ["needs a write of several buffers (writev)"] = ["write.buffers/1-7"],
    };

    private static readonly Dictionary<string, string> s_byId =
        ByReason.SelectMany(r => r.Value.SelectMany(GoCases.Expand).Select(id => (id, r.Key))).ToDictionary(p => p.id, p => p.Key);

    public static string? ReasonOf(string id) => s_byId.GetValueOrDefault(id);
}
