using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace HotLoop.Tests.Naming;

public class NetAddressTests
{
    private static readonly IPAddress s_linkLocal = IPAddress.Parse("fe80::1");

    private static readonly (string Name, int Index) s_loopback = NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.NetworkInterfaceType == NetworkInterfaceType.Loopback)
        .Select(i => (i.Name, i.GetIPProperties().GetIPv6Properties().Index))
        .First();

    [Fact]
    public void One_address_has_one_form()
    {
        (string name, int index) = s_loopback;
        NetAddress[] same =
        [
            new("tcp", s_linkLocal, 80, name),
            new("tcp", s_linkLocal, 80, $"{index}"),
            new("tcp", new IPAddress(s_linkLocal.GetAddressBytes(), index), 80),
            new("tcp", new IPAddress(s_linkLocal.GetAddressBytes(), index), 80, ""),
            new("tcp", new IPAddress(s_linkLocal.GetAddressBytes(), index), 80, name),
        ];
        Assert.All(same, a => Assert.Equal($"[fe80::1%{name}]:80", a.ToString()));
        Assert.All(same, a => Assert.Equal(same[0], a));
        Assert.All(same, a => Assert.Equal(same[0].GetHashCode(), a.GetHashCode()));
        Assert.All(same, a => Assert.Equal((s_linkLocal, name), (a.Ip, a.Zone)));
        Assert.All(same, a => Assert.Equal(index, a.ToIPEndPoint().Address.ScopeId));
        Assert.All(same, a => Assert.Equal(a, new NetAddress("tcp", a.ToIPEndPoint().Address, 80)));
    }

    [Fact]
    public void A_scope_without_an_interface_stays_a_number()
    {
        NetAddress address = new("tcp", new IPAddress(s_linkLocal.GetAddressBytes(), 54321), 80);
        Assert.Equal(("54321", "[fe80::1%54321]:80"), (address.Zone, address.ToString()));
        Assert.Equal(54321, address.ToIPEndPoint().Address.ScopeId);
        Assert.Equal("[fe80::1%nosuch]:80", new NetAddress("tcp", s_linkLocal, 80, "nosuch").ToString());
    }

    [Fact]
    public void IPv4_is_IPv4_and_has_no_zone()
    {
        NetAddress plain = new("tcp", IPAddress.Loopback, 80);
        Assert.Equal(plain, new NetAddress("tcp", IPAddress.Loopback.MapToIPv6(), 80));
        Assert.Equal(plain, new NetAddress("tcp", IPAddress.Loopback.MapToIPv6(), 80, s_loopback.Name));
        Assert.Equal(plain, new NetAddress("tcp", IPAddress.Loopback, 80, s_loopback.Name));
        Assert.Null(plain.Zone);
    }

    [Theory]
    [InlineData("::127.0.0.1", "[::7f00:1]:80")]
    [InlineData("::ffff:0:1.2.3.4", "[::ffff:0:102:304]:80")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4:80")]
    [InlineData("::", "[::]:80")]
    public void Prints_as_Go(string ip, string text) => Assert.Equal(text, new NetAddress("tcp", IPAddress.Parse(ip), 80).ToString());

    [Fact]
    public void A_zone_with_NUL_is_refused() =>
        Assert.Throws<ArgumentException>("zone", () => new NetAddress("tcp", s_linkLocal, 80, $"{s_loopback.Name}\0"));

    [Fact]
    public void Becomes_an_end_point()
    {
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 80), new NetAddress("tcp", IPAddress.Loopback, 80).ToEndPoint());
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 80), new NetAddress("tcp", null, 80).ToEndPoint());
        Assert.Equal(new UnixDomainSocketEndPoint("/run/a"), new NetAddress("unix", "/run/a").ToEndPoint());
        Assert.Equal(new UnixDomainSocketEndPoint("./@a"), new NetAddress("unix", "./@a").ToEndPoint());
        Assert.Equal(new UnixDomainSocketEndPoint("\0a\0"), new NetAddress("unix", "@a\0").ToEndPoint());
    }

    [Fact]
    public void A_name_that_an_end_point_would_change_becomes_none()
    {
        string[] names = ["", "@", "/run/a\0b", "/run/\udcff", "@\udcff"];
        Assert.All(names, n => Assert.Throws<InvalidOperationException>(() => new NetAddress("unix", n).ToEndPoint()));
    }
}
