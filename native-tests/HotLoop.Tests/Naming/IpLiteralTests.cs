using System.Net;
using HotLoop.Naming;

namespace HotLoop.Tests.Naming;

public class IpLiteralTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("0000:0000::0001", "::1")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("2001:DB8::A", "2001:db8::a")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("1:0:0:2:3:0:0:4", "1::2:3:0:0:4")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::102:304")]
    [InlineData("::127.0.0.1", "::7f00:1")]
    [InlineData("::ffff:0:1.2.3.4", "::ffff:0:102:304")]
    [InlineData("fe80::5efe:1.2.3.4", "fe80::5efe:102:304")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    public void Takes_and_prints(string text, string printed)
    {
        Assert.True(IpLiteral.TryParse(text, out IPAddress? ip, out string? zone));
        Assert.Equal((printed, null), (IpLiteral.Format(ip), zone));
        Assert.True(IpLiteral.TryParse(printed, out IPAddress? again, out _));
        Assert.Equal(ip, again);
    }

    [Theory]
    [InlineData("fe80::1%eth0", "eth0")]
    [InlineData("::1%1", "1")]
    [InlineData("::1%a%b:c", "a%b:c")]
    [InlineData("::ffff:1.2.3.4%lo", "lo")]
    public void Takes_a_zone(string text, string zone)
    {
        Assert.True(IpLiteral.TryParse(text, out _, out string? got));
        Assert.Equal(zone, got);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4.")]
    [InlineData(".1.2.3.4")]
    [InlineData("1..2.3")]
    [InlineData("256.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.00.0.1")]
    [InlineData("127.0.0.010")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("4294967296.0.0.1")]
    [InlineData("+1.2.3.4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.4\0")]
    [InlineData("1.2.3\0.4")]
    [InlineData("١.2.3.4")]
    [InlineData("1.2.3.4%lo")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("::1::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("::12345")]
    [InlineData("::00001")]
    [InlineData("::g")]
    [InlineData("::1\0")]
    [InlineData("::1 ")]
    [InlineData(":: 1")]
    [InlineData("::+1")]
    [InlineData("::0x1")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.04")]
    [InlineData("::256.2.3.4")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:1.2.3.4")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1:2:3:4:5:6::1.2.3.4")]
    [InlineData("::1%")]
    [InlineData("::1%lo\0")]
    [InlineData("%lo")]
    [InlineData("%::1")]
    [InlineData("[::1]")]
    public void Refuses(string text) => Assert.False(IpLiteral.TryParse(text, out _, out _), text);
}
