using System.Net;
using HotLoop.TestKit.Engine;

namespace HotLoop.Samples.Tests;

/// <summary>Runs the programs of <c>samples/</c>, which lie beside the tests.</summary>
internal static class Sample
{
    internal static EngineProcess Run(string name, params string[] arguments) =>
        EngineProcess.Run(Path.Combine(AppContext.BaseDirectory, name), arguments);

    /// <summary>Where a server that has been started says that it listens.</summary>
    internal static async Task<IPEndPoint> WaitListeningAsync(EngineProcess server)
    {
        const string Says = "listening on ";
        string? line = await server.Output.FindAsync(l => l.Contains(Says, StringComparison.Ordinal));
        Assert.True(line is not null, $"It ended before it listened: {string.Join('\n', server.Errors.SoFar)}");
        return IPEndPoint.Parse(line[(line.IndexOf(Says, StringComparison.Ordinal) + Says.Length)..]);
    }
}
