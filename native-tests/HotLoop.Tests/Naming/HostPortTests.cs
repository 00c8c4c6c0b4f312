using HotLoop.Naming;

namespace HotLoop.Tests.Naming;

public class HostPortTests
{
    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1", "80")]
    [InlineData("[::1]:80", "::1", "80")]
    [InlineData("[fe80::1%eth0]:80", "fe80::1%eth0", "80")]
    [InlineData(":", "", "")]
    [InlineData("localhost:http", "localhost", "http")]
    public void Splits(string text, string host, string port)
    {
        Assert.Null(HostPort.Split(text, out string gotHost, out string gotPort));
        Assert.Equal((host, port), (gotHost, gotPort));
    }

    // The complaints are Go's, case by case.
    [Theory]
    [InlineData("127.0.0.1", "address 127.0.0.1: missing port in address")]
    [InlineData("[::1", "address [::1: missing ']' in address")]
    [InlineData("[::1]", "address [::1]: missing port in address")]
    [InlineData("[::1]80", "address [::1]80: missing port in address")]
    [InlineData("::1:80", "address ::1:80: too many colons in address")]
    [InlineData("127.0.0.1:1:2", "address 127.0.0.1:1:2: too many colons in address")]
    [InlineData("[127.0.0.1", "address [127.0.0.1: missing port in address")]
    [InlineData("]127.0.0.1[:80", "address ]127.0.0.1[:80: unexpected '[' in address")]
    [InlineData("a[b]:80", "address a[b]:80: unexpected '[' in address")]
    [InlineData("[a]b]:80", "address [a]b]:80: missing port in address")]
    public void Complains(string text, string complaint) => Assert.Equal(complaint, HostPort.Split(text, out _, out _));

    [Theory]
    [InlineData("", 0)]
    [InlineData("80", 80)]
    [InlineData("+80", 80)]
    [InlineData("65535", 65535)]
    [InlineData("http", 80)]
    public void Parses_ports(string text, int port)
    {
        Assert.Null(HostPort.ParsePort("tcp", text, out int got));
        Assert.Equal(port, got);
    }

    [Theory]
    [InlineData("65536", "address 65536: invalid port")]
    [InlineData("-1", "address -1: invalid port")]
    [InlineData("99999999999999999999", "address 99999999999999999999: invalid port")]
    [InlineData("nosuchservice", "address tcp/nosuchservice: unknown port")]
    [InlineData(" 80", "address tcp/ 80: unknown port")]
    [InlineData("+", "address tcp/+: unknown port")]
    public void Complains_of_ports(string text, string complaint) => Assert.Equal(complaint, HostPort.ParsePort("tcp", text, out _));
}
