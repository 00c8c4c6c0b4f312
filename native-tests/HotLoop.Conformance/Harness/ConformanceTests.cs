using System.Reflection;
using System.Runtime.CompilerServices;
using HotLoop.TestKit;
using HotLoop.TestKit.Networks;

namespace HotLoop.Conformance;

/// <summary>
/// The base of every class of conformance tests: runs a scenario off the loops, on a loop, or both, within a bound of
/// time, and sees to it that each declared case was looked at.
/// </summary>
public abstract class ConformanceTests(LoopsFixture loops) : IClassFixture<LoopsFixture>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    // Loaded before anything is timed.
    static ConformanceTests() => Assert.NotEmpty(GoCases.All);

    /// <summary>From a thread of the pool, then from a loop's thread.</summary>
    protected async Task RunBoth(BackendKind backend, Func<Scenario, Task> body, [CallerMemberName] string test = "")
    {
        await RunOffLoop(backend, body, limit: null, test);
        await RunOnLoop(backend, body, limit: null, test);
    }

    protected Task RunOffLoop(
        BackendKind backend, Func<Scenario, Task> body, TimeSpan? limit = null, [CallerMemberName] string test = "") =>
        RunInPlace(new Scenario(loops.For(backend), onLoop: false, Declared(test)), body, limit);

    protected Task RunOnLoop(
        BackendKind backend, Func<Scenario, Task> body, TimeSpan? limit = null, [CallerMemberName] string test = "") =>
        RunInPlace(new Scenario(loops.For(backend), onLoop: true, Declared(test)), body, limit);

    /// <summary>Both, in a network of its own whose loopback interface is down; only where <see cref="NamespaceTheoryAttribute"/> stands.</summary>
    protected async Task RunInNamespace(BackendKind backend, Func<Scenario, Task> body, [CallerMemberName] string test = "")
    {
        foreach (bool onLoop in new[] { false, true })
        {
            using NetworkNamespace space = new(backend);
            await RunBounded(
                new Scenario(space.Loops, onLoop, Declared(test)),
                scenario => Task.Run(() => space.Run(async () =>
                {
                    if (onLoop)
                    {
                        await space.Loops.Loops[0].SwitchTo();
                    }

                    await body(scenario);
                    scenario.RequirePlace();
                })));
        }
    }

    private static Task RunInPlace(Scenario scenario, Func<Scenario, Task> body, TimeSpan? limit = null) =>
        RunBounded(scenario, s => s.RunInPlace(() => body(s)), limit);

    private static async Task RunBounded(Scenario scenario, Func<Scenario, Task> body, TimeSpan? limit = null)
    {
        try
        {
            await body(scenario).WaitAsync(limit ?? s_limit);
            scenario.Conclude();
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException($"[{scenario.Place}] hangs; last case checked: {scenario.LastSeen ?? "none"}", e);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"[{scenario.Place}] {e.Message}", e);
        }
        finally
        {
            await Task.Run(scenario.Dispose);
        }
    }

    private List<string> Declared(string test) =>
        GetType().GetMethod(test)?.GetCustomAttribute<GoCaseAttribute>()?.Ids.ToList() ?? [];
}
