using Xunit.Abstractions;

namespace HotLoop.Conformance.Table;

/// <summary>The order of test classes: by name, but the comparison of the table when all others have recorded what they saw.</summary>
public sealed class TableLast : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName.EndsWith(nameof(CaseTableTests), StringComparison.Ordinal))
            .ThenBy(c => c.DisplayName, StringComparer.Ordinal);
}
