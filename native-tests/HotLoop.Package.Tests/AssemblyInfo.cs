using HotLoop.Package.Tests.Kit;

// Builds are not helped by others beside them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace HotLoop.Package.Tests;

/// <summary>All tests look at the same packages.</summary>
[CollectionDefinition(Name)]
public class PackageCollection : ICollectionFixture<PackedLibrary>
{
    internal const string Name = "package";
}
