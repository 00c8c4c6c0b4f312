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

    /// <summary>Those knobs of the program that was built which the package may set, as JSON, ordered by name.</summary>
    internal string Knobs
    {
        get
        {
            string file = Directory.GetFiles(Path.Combine(_folder, "bin"), "*.runtimeconfig.json", SearchOption.AllDirectories).Single();
            JsonObject all = JsonNode.Parse(File.ReadAllText(file))!["runtimeOptions"]!["configProperties"]!.AsObject();
            return new JsonObject(all.Where(k => IsOurs(k.Key)).OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => KeyValuePair.Create(k.Key, k.Value?.DeepClone()))).ToJsonString();
        }
    }

    internal void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    /// <summary>Adds to the end of the project file.</summary>
    internal void Add(string text)
    {
        string file = Path.Combine(_folder, $"{Path.GetFileName(_folder)}.csproj");
        File.WriteAllText(file, File.ReadAllText(file).Replace("</Project>", $"{text}\n</Project>", StringComparison.Ordinal));
    }

    internal Task BuildAsync(params string[] options) => _package.Sdk.RunAsync(
        _folder, [$"NUGET_PACKAGES={_package.Cache}", "dotnet", "build", "--nologo", "-v", "quiet", .. options]);

    /// <summary>The program that was built, started by <c>dotnet run</c>, without a runtime identifier.</summary>
    internal EngineProcess Start() => EngineProcess.Run("env", [.. _package.Sdk.Environment, "dotnet", "run", "--no-build", "--project", _folder]);

    private static bool IsOurs(string knob) => knob.StartsWith("System.GC.", StringComparison.Ordinal) || knob.StartsWith("System.Runtime.Tiered", StringComparison.Ordinal);
}
