namespace HotLoop.Conformance;

/// <summary>Where HotLoop is not as Go on purpose. The coverage test holds this list to be exact.</summary>
public static class Differences
{
    public static IReadOnlyList<Difference> All { get; } =
    [
        new("null is no time-out here, and TimeSpan.Zero one that is over", "dial.deadline.past/6"),
        new("Go's error has one of two types, by a race inside its dial; here there is one kind", "dial.timeout.backlog/3"),
        new("there is no ResolveTCPAddr; the error of a dial names the same address", "dial.badaddr/33"),
        new(
            "there is no DialTCP; DialAsync is for connections, and says so as it says of every address of another kind",
            "dial.localaddr/9"),
        new("a handle has no name", "opt.file/1"),
        new(
            "a duplicate stays non-blocking: turned blocking, it would hold up the loop that the connection lives on",
            "opt.file/2"),
        new("there is no sendfile: a file is copied through AsStream", "write.iocopy/6"),
        new("which bytes Go's hash is of is not known; here they are compared one by one", "write.iocopy/1")
        {
            IsApplicable = false,
        },
        new(
            "a deadline is over when the clock says so, in Go when its timer has run: both may take the data, neither loses any",
            "read.deadline.10us/1-3"),
        new(
            "there is no ReadFull that tells an early end by an error: the loop of reads ends with what had come",
            "read.readfull.timeout/2"),
        new(
            "the listener has the keep-alive settings itself: accepted connections inherit them, without a call for each",
            "listen.accepted.options/1", "listen.accepted.options/3"),
        new("raw IP sockets are not built: it is the network that is unknown", "dial.badaddr/29"),
        new("datagrams are waited for with ListenPacket; Go makes a listener here that can never accept", "listen.badaddr/7"),
        new("one Listen serves all networks of connections: it finds fault with the address, not with the network", "listen.badaddr/18"),
        new("on a loop, Close returns at once and the pool waits for the kernel: a loop cannot be held up", "opt.linger/12"),
        new("C# has no zero values of classes", "listen.close/12-13", "read.ownclose/5", "write.ownclose/8", "opt.closed/17-21")
        {
            IsApplicable = false,
        },
        new("about Go's other resolver, the one of the C library", "dial.badaddr.cgo/1-3") { IsApplicable = false },
        new("an in-memory pipe: .NET has System.IO.Pipelines", "pipe.net/1-8") { IsApplicable = false },
        new("a dump of the stacks of goroutines, which .NET has not", "dump.gc/1-43", "dump.nogc/1-28") { IsApplicable = false },
    ];

    private static readonly Dictionary<string, Difference> s_byId =
        All.SelectMany(d => d.Ids.Select(id => (id, d))).ToDictionary(pair => pair.id, pair => pair.d);

    public static Difference? Find(string id) => s_byId.GetValueOrDefault(id);
}
