using HotLoop.Package.Tests.Kit;

namespace HotLoop.Package.Tests;

/// <summary>The package's knobs give way to what a project says itself, in whichever way it says it.</summary>
public class KnobTests(PackedLibrary package) : IClassFixture<PackedLibrary>
{
    [MakeTheory]
    [InlineData("properties", """
        <PropertyGroup>
          <ServerGarbageCollection>true</ServerGarbageCollection>
          <ConcurrentGarbageCollection>true</ConcurrentGarbageCollection>
          <TieredPGO>false</TieredPGO>
        </PropertyGroup>
        """)]
    [InlineData("items", """
        <ItemGroup>
          <RuntimeHostConfigurationOption Include="System.GC.Server" Value="true" />
          <RuntimeHostConfigurationOption Include="System.GC.Concurrent" Value="true" />
          <RuntimeHostConfigurationOption Include="System.Runtime.TieredPGO" Value="false" />
        </ItemGroup>
        """)]
    [InlineData("template", "")]
    public async Task What_the_project_says_stands(string how, string said)
    {
        UserProject project = new(package, how, "System.Console.WriteLine();");
        project.Add(said);
        if (how == "template")
        {
            project.Write("runtimeconfig.template.json", """
                {"configProperties":{"System.GC.Server":true,"System.GC.Concurrent":true,"System.Runtime.TieredPGO":false}}
                """);
        }

        await project.BuildAsync();
        Assert.True((bool?)project.Knobs["System.GC.Server"]);
        Assert.True((bool?)project.Knobs["System.GC.Concurrent"]);
        Assert.False((bool?)project.Knobs["System.Runtime.TieredPGO"]);
        Assert.Equal(4194304, (int?)project.Knobs["System.GC.Gen0MaxBudget"]);
    }
}
