using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>An ordinary client beside a scenario: a new connection and an echo every 100 ms. What it sees, others would see.</summary>
internal sealed class Probe : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _milliseconds = [];
    private readonly Task _running;
    private int _failures;

    private Probe(EndPoint server) => _running = RunAsync(server);

    /// <summary>Echoes that came back, in milliseconds from the start of the connection. Once it has been disposed of.</summary>
    internal IReadOnlyList<double> Milliseconds => _milliseconds;

    /// <summary>Connections that failed, or took more than 5 s.</summary>
    internal int Failures => _failures;

    internal double Max => _milliseconds.Count == 0 ? double.NaN : _milliseconds.Max();

    internal static Probe Start(EndPoint server) => new(server);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(EndPoint server)
    {
        using PeriodicTimer timer = new(s_period);
        while (!_stop.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                using Client client = await Client.ConnectAsync(server).WaitAsync(s_limit);
                await client.EchoAsync().WaitAsync(s_limit);
                _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            catch (Exception e) when (e is SocketException or TimeoutException or Xunit.Sdk.XunitException)
            {
                _failures++;
            }

            await ((Task)timer.WaitForNextTickAsync(_stop.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
