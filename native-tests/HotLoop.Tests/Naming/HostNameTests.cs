using HotLoop.Naming;

namespace HotLoop.Tests.Naming;

public class HostNameTests
{
    private static readonly string s_label = new('a', 63);

    private static readonly string s_longest = $"{s_label}.{s_label}.{s_label}.{s_label[2..]}";

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost.")]
    [InlineData("a-b.example")]
    [InlineData("_dns._udp.example")]
    [InlineData("1a")]
    [InlineData("1.2.3.4.example")]
    [InlineData("host.1")]
    [InlineData("1-2")]
    [InlineData("0x7g")]
    [InlineData("x7f")]
    public void Takes(string name) => Assert.True(HostName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a..")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.-b")]
    [InlineData("a-.b")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("localhost\0.example")]
    [InlineData("ä.example")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("::1%")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("1.2.3.4.5")]
    [InlineData("0x7f.1")]
    [InlineData("0x7F000001")]
    [InlineData("0X7f.0.0.1")]
    [InlineData("127.0x1")]
    [InlineData("0x")]
    public void Refuses(string name) => Assert.False(HostName.IsValid(name));

    [Fact]
    public void Has_253_bytes_and_a_dot_at_most()
    {
        Assert.True(HostName.IsValid(s_longest));
        Assert.True(HostName.IsValid(s_longest + "."));
        Assert.False(HostName.IsValid(s_longest + "a"));
        Assert.True(HostName.IsValid(s_label));
        Assert.False(HostName.IsValid(s_label + "a"));
    }
}
