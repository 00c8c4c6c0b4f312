// Fetches a page with HttpClient, whose connections are HotLoop's; what is not HTTP, TLS included, is the same as ever.
// Usage: HttpGet URL

using HotLoop;

if (args is not [string url])
{
    Console.Error.WriteLine("usage: HttpGet URL");
    return 2;
}

using SocketsHttpHandler handler = new()
{
    ConnectCallback = async (context, cancellationToken) =>
    {
        Conn conn = await Net.DialAsync(context.DnsEndPoint, cancellationToken);
        return conn.AsStream();
    },
};
using HttpClient client = new(handler);
try
{
    Console.Write(await client.GetStringAsync(new Uri(url)));
    return 0;
}
catch (HttpRequestException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
