using System.Text;

namespace HotLoop.Load.Tests;

public class HttpResponseParserTests
{
    private const string Plain = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    [Theory]
    [InlineData(Plain, 200, false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", 304, false)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:0\r\nCONNECTION: Close\r\n\r\n", 200, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: Upgrade, close\r\n\r\nx", 200, true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200, false)]
    [InlineData("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3;name=1\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", 404, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nTrailer: 1\r\n\r\n", 200, false)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, false)]
    public void A_response_ends_where_it_does_however_it_is_cut(string text, int status, bool closes)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            HttpResponseParser parser = new();
            ReadOnlySpan<byte> first = bytes.AsSpan(0, cut), second = bytes.AsSpan(cut);
            HttpProgress atCut = parser.Take(ref first);
            Assert.Equal(cut == bytes.Length ? HttpProgress.Complete : HttpProgress.Partial, atCut);
            Assert.Equal(0, first.Length);
            if (atCut == HttpProgress.Partial)
            {
                Assert.Equal(HttpProgress.Complete, parser.Take(ref second));
                Assert.Equal(0, second.Length);
            }

            Assert.Equal(status, parser.Status);
            Assert.Equal(closes, parser.Closes);
        }
    }

    [Fact]
    public void Byte_by_byte_and_one_after_the_other()
    {
        HttpResponseParser parser = new();
        int complete = 0;
        foreach (byte b in Encoding.ASCII.GetBytes(Plain + Plain + Plain))
        {
            ReadOnlySpan<byte> one = [b];
            complete += parser.Take(ref one) == HttpProgress.Complete ? 1 : 0;
        }

        Assert.Equal(3, complete);
    }

    [Fact]
    public void What_follows_a_response_is_left()
    {
        HttpResponseParser parser = new();
        ReadOnlySpan<byte> two = Encoding.ASCII.GetBytes(Plain + "HTTP/1.1 2");
        Assert.Equal(HttpProgress.Complete, parser.Take(ref two));
        Assert.Equal("HTTP/1.1 2", Encoding.ASCII.GetString(two));
    }

    [Fact]
    public void Without_a_length_the_end_of_the_stream_is_that_of_the_response()
    {
        HttpResponseParser parser = new();
        ReadOnlySpan<byte> text = "HTTP/1.1 200 OK\r\n\r\nanything"u8;
        Assert.False(parser.EndsWithStream);
        Assert.Equal(HttpProgress.Partial, parser.Take(ref text));
        Assert.True(parser.EndsWithStream);
        Assert.True(parser.Closes);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("H2")]
    [InlineData("HTTP/1.1 -20 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2xx OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n")]
    public void What_is_no_response_is_said_to_be_malformed(string text)
    {
        HttpResponseParser parser = new();
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(HttpProgress.Malformed, parser.Take(ref bytes));
    }

    [Fact]
    public void A_head_without_an_end_is_malformed_before_it_fills_the_memory()
    {
        HttpResponseParser parser = new();
        HttpProgress progress = HttpProgress.Partial;
        int sent = 0;
        for (; progress == HttpProgress.Partial && sent < 1 << 20; sent += 1024)
        {
            ReadOnlySpan<byte> more = new byte[1024];
            progress = parser.Take(ref more);
        }

        Assert.Equal(HttpProgress.Malformed, progress);
    }
}
