namespace HotLoop.Naming;

/// <summary>Names of TCP services: services(5), read once, when a port is first given by name.</summary>
internal static class Services
{
    private const string File = "/etc/services";

    private static readonly Lazy<Dictionary<string, int>> s_ports = new(Load);

    internal static bool TryFind(string name, out int port) => s_ports.Value.TryGetValue(name, out port);

    private static Dictionary<string, int> Load()
    {
        // The few that must work where the file is missing.
        Dictionary<string, int> ports = new(StringComparer.OrdinalIgnoreCase)
        {
            ["ftp"] = 21,
            ["ssh"] = 22,
            ["telnet"] = 23,
            ["smtp"] = 25,
            ["domain"] = 53,
            ["http"] = 80,
            ["pop3"] = 110,
            ["ntp"] = 123,
            ["imap"] = 143,
            ["https"] = 443,
        };

        try
        {
            foreach (string line in System.IO.File.ReadLines(File))
            {
                Add(ports, line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }
        catch (IOException)
        {
        }
        catch (UnauthorizedAccessException)
        {
        }

        return ports;
    }

    // name  port/protocol  aliases...
    private static void Add(Dictionary<string, int> ports, string[] fields)
    {
        if (fields.Length < 2 || !fields[1].EndsWith("/tcp", StringComparison.Ordinal)
            || !int.TryParse(fields[1].AsSpan(0, fields[1].Length - 4), out int port))
        {
            return;
        }

        ports[fields[0]] = port;
        foreach (string alias in fields.Skip(2))
        {
            ports[alias] = port;
        }
    }
}
