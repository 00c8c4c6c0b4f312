using System.Text.Json;
using System.Xml.Linq;
using HotLoop.Package.Tests.Kit;
using HotLoop.TestKit;

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

    [Fact]
    public void The_package_has_the_knobs_of_the_projects_own_programs()
    {
        using JsonDocument template = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "runtimeconfig.template.json")));
        Dictionary<string, string> own = template.RootElement.GetProperty("configProperties").EnumerateObject()
            .ToDictionary(knob => knob.Name, knob => knob.Value.GetRawText());
        Dictionary<string, string> given = XDocument.Load(Path.Combine(Repository.Root, "src/build/HotLoop.targets")).Descendants("RuntimeHostConfigurationOption")
            .ToDictionary(knob => knob.Attribute("Include")!.Value, knob => knob.Attribute("Value")!.Value);
        Assert.Equal(own, given);
    }
}
