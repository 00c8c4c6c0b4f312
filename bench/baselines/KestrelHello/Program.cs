// An HTTP server on stock Kestrel: every request is answered with 13 bytes of text.
// Usage: KestrelHello PORT

using System.Globalization;
using System.Net;

if (args is not [var port])
{
    Console.Error.WriteLine("usage: KestrelHello PORT");
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture)));

var hello = "Hello, World!"u8.ToArray();
var app = builder.Build();
app.Run(context =>
{
    context.Response.ContentType = "text/plain; charset=utf-8";
    context.Response.ContentLength = hello.Length; // else it would be sent in chunks
    return context.Response.Body.WriteAsync(hello).AsTask();
});
await app.RunAsync();
return 0;
