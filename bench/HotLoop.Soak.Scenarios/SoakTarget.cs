namespace HotLoop.Soak.Scenarios;

/// <summary>The echo server that the scenarios talk to.</summary>
/// <param name="address">HOST:PORT.</param>
public sealed class SoakTarget(string address)
{
    /// <summary>The longest that one iteration may take. Only a server that hangs makes it wait so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dialer _dialer = new() { Timeout = Patience };

    /// <summary>HOST:PORT.</summary>
    public string Address { get; } = address;

    /// <summary>A connection whose reads and writes all end within <see cref="Patience"/>.</summary>
    internal async Task<Conn> DialAsync()
    {
        Conn conn = await _dialer.DialAsync("tcp", Address);
        conn.SetDeadline(Deadline.After(Patience));
        return conn;
    }
}
