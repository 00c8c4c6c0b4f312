using System.Diagnostics;
using HotLoop.Package.Tests.Kit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Package.Tests;

/// <summary>Programs that use the package, as README.md and docs/packages.md show them.</summary>
[Collection(PackageCollection.Name)]
public class ProgramTests(PackedLibrary package)
{
    [MakeFact]
    public async Task The_server_of_the_README_runs_with_the_knobs()
    {
        UserProject project = new(package, "readme", PackagesPage.ReadmeServer);
        await project.BuildAsync();
        Assert.Equal(
            """{"System.GC.Concurrent":false,"System.GC.Gen0MaxBudget":4194304,"System.GC.Server":false,"System.Runtime.TieredCompilation.CallCountingDelayMs":0,"System.Runtime.TieredPGO":true}""",
            project.Knobs);
        await using EngineProcess server = project.Start();
        await AssertEchoesAsync(server);
        KillWithChildren(server);
    }

    [MakeFact]
    public async Task A_server_hosted_by_hand_drains_and_ends_and_has_no_knobs_when_it_wants_none()
    {
        UserProject project = new(package, "hosting", PackagesPage.Hosting);
        await project.BuildAsync("-p:HotLoopRuntimeKnobs=false");
        Assert.Equal("{}", project.Knobs);
        await using EngineProcess server = project.Start();
        await AssertEchoesAsync(server);
        server.Send(Signal.Terminate);
        Assert.Equal(0, await server.ExitAsync());
    }

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
