using System.IO.Compression;
using HotLoop.TestKit;

namespace HotLoop.Package.Tests.Kit;

/// <summary>The packages that <c>make pack</c> makes of this checkout, and a folder for projects that use them, far from the checkout.</summary>
public sealed class PackedLibrary : IAsyncLifetime
{
    internal const string Version = "0.0.1-test";
    internal const string Project = "https://example.org/project";
    internal const string Repository = "https://example.org/repository";

    private readonly TemporaryDirectory _folder = new();

    internal string Folder => _folder.FullPath;

    /// <summary>Where projects restore to. Of this test alone: a version that is in a cache is not looked for again.</summary>
    internal string Cache => _folder.File("cache");

    internal Sdk Sdk { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Sdk = new Sdk(_folder);
        if (new MakeFactAttribute().Skip is not null)
        {
            return;
        }

        string feed = _folder.File("feed");
        string properties = $"-p:Version={Version} -p:PackageProjectUrl={Project} -p:RepositoryUrl={Repository}";
        await Sdk.RunAsync(TestKit.Repository.Root, "make", "-s", "pack", $"PACKAGES={feed}", $"PACK={properties}");

        // HotLoop comes from there alone; what it depends on has been restored for the checkout.
        await File.WriteAllTextAsync(_folder.File("nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><clear /><add key="shared" value="{SharedCache}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>The package, or the one with its symbols.</summary>
    internal ZipArchive Open(string extension) => ZipFile.OpenRead(Path.Combine(Folder, "feed", $"HotLoop.{Version}.{extension}"));

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private static string SharedCache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
