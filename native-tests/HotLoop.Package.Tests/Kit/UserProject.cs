using System.Text.Json.Nodes;
using HotLoop.TestKit.Engine;

namespace HotLoop.Package.Tests.Kit;

/// <summary>A program outside the checkout that refers to the package.</summary>
internal sealed class UserProject
{
    private readonly PackedLibrary _package;
    private readonly string _folder;

    /// <param name="package">What it refers to.</param>
    /// <param name="name">Of the project, and of its folder.</param>
    /// <param name="program">Its only source.</param>
    internal UserProject(PackedLibrary package, string name, string program)
    {
        _package = package;
        _folder = Directory.CreateDirectory(Path.Combine(package.Folder, name)).FullName;
        File.WriteAllText(Path.Combine(_folder, $"{name}.csproj"), PackagesPage.Project.Replace(PackagesPage.Version, $"Version=\"{PackedLibrary.Version}\"", StringComparison.Ordinal));
        Write("Program.cs", program);
    }

    /// <summary>The runtime knobs of the program that was built.</summary>
    internal JsonObject Knobs
    {
        get
        {
            string file = Directory.GetFiles(Path.Combine(_folder, "bin"), "*.runtimeconfig.json", SearchOption.AllDirectories).Single();
            return JsonNode.Parse(File.ReadAllText(file))!["runtimeOptions"]!["configProperties"]?.AsObject() ?? [];
        }
    }

    internal void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    /// <summary>Adds to the end of the project file.</summary>
    internal void Add(string text)
    {
        string file = Path.Combine(_folder, $"{Path.GetFileName(_folder)}.csproj");
        File.WriteAllText(file, File.ReadAllText(file).Replace("</Project>", $"{text}\n</Project>", StringComparison.Ordinal));
    }

    internal Task BuildAsync(params string[] options) => RunAsync("build", [.. options]);

    internal Task PublishAsync(string into, params string[] options) => RunAsync("publish", ["-o", into, .. options]);

    /// <summary>The program that was built, started by <c>dotnet run</c>, without a runtime identifier.</summary>
    internal EngineProcess Start() => EngineProcess.Run("env", [.. _package.Sdk.Environment, "dotnet", "run", "--no-build", "--project", _folder]);

    private Task RunAsync(string verb, string[] options) =>
        _package.Sdk.RunAsync(_folder, [$"NUGET_PACKAGES={_package.Cache}", "dotnet", verb, "--nologo", "-v", "quiet", .. options]);
}
