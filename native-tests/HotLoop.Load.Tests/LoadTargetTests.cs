namespace HotLoop.Load.Tests;

public class LoadTargetTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:8888", LoadProtocol.Echo, "127.0.0.1:8888", "")]
    [InlineData("tcp://localhost:1/", LoadProtocol.Echo, "localhost:1", "")]
    [InlineData("tcp://[::1]:9", LoadProtocol.Echo, "[::1]:9", "")]
    [InlineData("http://example.org", LoadProtocol.Http, "example.org:80", "/")]
    [InlineData("http://127.0.0.1:8080/a/b?c=d%20e", LoadProtocol.Http, "127.0.0.1:8080", "/a/b?c=d%20e")]
    public void A_URL_is_read(string text, LoadProtocol protocol, string address, string path)
    {
        Assert.True(LoadTarget.TryParse(text, out LoadTarget? target, out _));
        Assert.Equal(new LoadTarget(protocol, address, path), target);
    }

    [Theory]
    [InlineData("127.0.0.1:8888")]
    [InlineData("tcp://127.0.0.1")]
    [InlineData("tcp://127.0.0.1:8888/x")]
    [InlineData("tcp://127.0.0.1:88888")]
    [InlineData("udp://127.0.0.1:1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://")]
    [InlineData("")]
    public void Anything_else_is_said_with_the_text(string text)
    {
        Assert.False(LoadTarget.TryParse(text, out _, out string? problem));
        Assert.Contains($"'{text}'", problem, StringComparison.Ordinal);
    }
}
