namespace HotLoop.Conformance;

/// <summary>Observations of TCP without a test, and why. The coverage test holds this list to be exact.</summary>
public static class NotYet
{
    public static IReadOnlyDictionary<string, string[]> ByReason { get; } = new Dictionary<string, string[]>
    {
        ["needs UDP, Unix or raw IP sockets"] =
        [
            "dial.ctx/9", "dial.badaddr/29", "dial.badaddr/32", "dial.netns/5", "listen.badaddr/6-7", "listen.badaddr/18",
            "listen.deadline/12",
        ],
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
        ["is about Go's resolver in C"] = ["dial.badaddr.cgo/1-3"],
        ["needs File, a duplicate of the descriptor"] =
        [
            "listen.close/6", "listen.file/1-4", "listen.emfile/6", "opt.closed/13", "opt.file/1-4",
        ],
        ["needs SyscallConn, the raw descriptor"] =
        [
            "listen.close/7-8", "read.rawconn/1-6", "read.close.waits/1", "opt.closed/14-15",
        ],
        ["is about a zero value, which C# has not"] =
        [
            "listen.close/12-13", "read.ownclose/5", "write.ownclose/8", "opt.closed/17-21",
        ],
        ["is about Go's package io: ReadFull at the end, Copy, ReadFrom, splice"] =
        [
            "read.readfull.timeout/2-4", "write.iocopy/1-16", "opt.closed/16",
        ],
        ["needs a write of several buffers (writev)"] = ["write.buffers/1-7"],
    };
}
