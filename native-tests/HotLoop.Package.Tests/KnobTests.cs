using HotLoop.Package.Tests.Kit;

namespace HotLoop.Package.Tests;

/// <summary>The package's knobs give way to what a project says itself, in whichever way it says it.</summary>
[Collection(PackageCollection.Name)]
public class KnobTests(PackedLibrary package)
{
    [MakeFact]
    public async Task What_the_project_says_stands()
    {
        UserProject project = new(package, "knobs", "System.Console.WriteLine();");
        project.Add("""
            <PropertyGroup>
              <ServerGarbageCollection>true</ServerGarbageCollection>
            </PropertyGroup>
            <ItemGroup>
              <RuntimeHostConfigurationOption Include="System.GC.Concurrent" Value="true" />
              <RuntimeHostConfigurationOption Include="System.GC.Gen0MaxBudget" Value="65536" />
            </ItemGroup>
            """);
        project.Write("runtimeconfig.template.json", """
            {"configProperties":{"System.Runtime.TieredPGO":false,"System.Runtime.TieredCompilation.CallCountingDelayMs":50}}
            """);
        await project.BuildAsync();
        Assert.Equal(
            """{"System.GC.Concurrent":true,"System.GC.Gen0MaxBudget":65536,"System.GC.Server":true,"System.Runtime.TieredCompilation.CallCountingDelayMs":50,"System.Runtime.TieredPGO":false}""",
            project.Knobs);
    }
}
