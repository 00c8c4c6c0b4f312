using System.Diagnostics;
using System.Globalization;

namespace HotLoop.Stress.Crowd;

/// <summary>A running <see cref="ClientHolder"/>: this very assembly, started once more.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;

    private ClientProcess(Process process) => _process = process;

    internal static ClientProcess Start(NetAddress server, int count)
    {
        string assembly = typeof(ClientProcess).Assembly.Location;
        string[] arguments = [assembly, server.ToString(), count.ToString(CultureInfo.InvariantCulture)];
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new ClientProcess(Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true })!);
    }

    /// <summary>The next line it says.</summary>
    internal async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync();

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
