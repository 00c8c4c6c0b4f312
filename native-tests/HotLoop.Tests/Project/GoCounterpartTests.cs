using System.Reflection;
using System.Xml.Linq;

namespace HotLoop.Tests.Project;

/// <summary>Who knows Go's net finds each of its members: the documentation of a counterpart names it.</summary>
public sealed class GoCounterpartTests
{
    private static readonly Type[] s_counterparts =
    [
        typeof(Net), typeof(Dialer), typeof(ListenConfig), typeof(Listener), typeof(Conn), typeof(PacketConn), typeof(RawConn),
        typeof(NetAddress), typeof(Deadline), typeof(OpError), typeof(OpErrorKind), typeof(IoResult), typeof(AcceptResult),
        typeof(PacketResult), typeof(CopyResult), typeof(SocketControl),
    ];

    // What Go has not: loops to choose, leases, .NET's own shapes.
    private static readonly string[] s_own =
    [
        "Dialer.Loops", "ListenConfig.Backlog", "ListenConfig.Loops", "ListenConfig.ReusePort", "Conn.Loop", "PacketConn.Loop", "Conn.ReadLeaseAsync",
        "Conn.TryReadLeaseAsync", "Conn.AsStream", "Conn.AsPipe", "NetAddress.ToIPEndPoint", "NetAddress.ToEndPoint", "NetAddress.Equals", "NetAddress.GetHashCode",
        "Deadline.Earlier", "Deadline.Equals", "Deadline.GetHashCode", "OpError.SocketErrorCode",
    ];

    [Fact]
    public void Every_member_with_a_counterpart_in_Go_names_it()
    {
        Dictionary<string, string> documented = XDocument.Load(Path.ChangeExtension(typeof(Conn).Assembly.Location, ".xml"))
            .Descendants("member")
            .GroupBy(m => m.Attribute("name")!.Value[2..].Split('(')[0], m => m.Value)
            .ToDictionary(g => g.Key, g => string.Join(' ', g));
        List<string> silent = [];
        foreach (Type type in s_counterparts)
        {
            if (!NamesGo(documented[type.FullName!]))
            {
                silent.Add(type.Name);
            }

            // Fields of the results stand in their types' summaries.
            bool isResult = type.Name.EndsWith("Result", StringComparison.Ordinal);
            silent.AddRange(Members(type)
                .Where(m => !isResult && !NamesGo(documented.GetValueOrDefault($"{type.FullName}.{m}", "")))
                .Select(m => $"{type.Name}.{m}"));
        }

        Assert.Empty(silent.Except(s_own));
        Assert.Empty(s_own.Except(silent));
    }

    private static bool NamesGo(string text) => text.Contains("Go:", StringComparison.Ordinal) || text.Contains("Go's", StringComparison.Ordinal);

    private static IEnumerable<string> Members(Type type) => type.BaseType == typeof(MulticastDelegate)
        ? []
        : type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(m => m is not MethodInfo { IsSpecialName: true } and not ConstructorInfo && m.Name != "value__")
            .Select(m => m.Name)
            .Distinct();
}
