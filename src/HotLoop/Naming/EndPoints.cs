using System.Net.Sockets;
using System.Text;

namespace HotLoop.Naming;

/// <summary>Unix names as .NET has them: its end point says "\0a" and "@a" where a name here says "@a" and "./@a".</summary>
internal static class EndPoints
{
    // Where sockaddr_un has its path, on every system.
    private const int PathOffset = 2;

    internal static UnixDomainSocketEndPoint OfUnix(string name)
    {
        bool isAbstract = name.StartsWith('@');
        bool isText = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name;
        if (name is "" or "@" || !isText || (!isAbstract && name.Contains('\0', StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"{name} is no name of a Unix socket that an end point can have.");
        }

        return new UnixDomainSocketEndPoint(isAbstract ? "\0" + name[1..] : name);
    }

    // Its text begins with "@" for either; only its bytes tell.
    internal static string NameOf(UnixDomainSocketEndPoint endPoint)
    {
        string text = endPoint.ToString();
        bool isFile = text.StartsWith('@') && endPoint.Serialize()[PathOffset] != 0;
        return isFile ? "./" + text : text;
    }
}
