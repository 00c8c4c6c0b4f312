using System.Diagnostics;
using System.Text.Json.Nodes;
using HotLoop.Package.Tests.Kit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Package.Tests;

/// <summary>Programs that use the package, as README.md and docs/packages.md show them.</summary>
public class ProgramTests(PackedLibrary package) : IClassFixture<PackedLibrary>
{
    [MakeFact]
    public async Task The_server_of_the_README_runs_with_the_knobs()
    {
        UserProject project = new(package, "readme", PackagesPage.ReadmeServer);
        await project.BuildAsync();
        Assert.Equal(
            """{"System.GC.Concurrent":false,"System.GC.Gen0MaxBudget":4194304,"System.GC.Server":false,"System.Runtime.TieredCompilation.CallCountingDelayMs":0,"System.Runtime.TieredPGO":true}""",
            Text(project.Knobs.Where(k => IsOurs(k.Key))));
        await using EngineProcess server = project.Start();
        await AssertEchoesAsync(server);
        KillWithChildren(server);
    }

    [MakeFact]
    public async Task A_server_hosted_by_hand_drains_and_ends_and_has_no_knobs_when_it_wants_none()
    {
        UserProject project = new(package, "hosting", PackagesPage.Hosting);
        await project.BuildAsync("-p:HotLoopRuntimeKnobs=false");
        Assert.DoesNotContain(project.Knobs, k => IsOurs(k.Key));
        await using EngineProcess server = project.Start();
        await AssertEchoesAsync(server);
        server.Send(Signal.Terminate);
        Assert.Equal(0, await server.ExitAsync());
    }

    private static bool IsOurs(string knob) => knob.StartsWith("System.GC.", StringComparison.Ordinal) || knob.StartsWith("System.Runtime.Tiered", StringComparison.Ordinal);

    private static string Text(IEnumerable<KeyValuePair<string, JsonNode?>> knobs) =>
        new JsonObject(knobs.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => KeyValuePair.Create(k.Key, k.Value?.DeepClone()))).ToJsonString();

    private static async Task AssertEchoesAsync(EngineProcess server)
    {
        await server.WaitReadyAsync();
        using Client client = await Client.ConnectAsync(server.EndPoint);
        await client.EchoAsync();
    }

    // dotnet run has the program for a child.
    private static void KillWithChildren(EngineProcess server)
    {
        using Process process = Process.GetProcessById(server.Id);
        process.Kill(entireProcessTree: true);
    }
}
