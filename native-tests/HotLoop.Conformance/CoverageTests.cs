using System.Reflection;

namespace HotLoop.Conformance;

public sealed class CoverageTests
{
    private static readonly string[] s_tested =
    [
        .. typeof(CoverageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttribute<GoCaseAttribute>()?.Ids ?? []),
    ];

    [Fact]
    public void Every_case_is_tested_or_listed()
    {
        string[] untested = [.. Differences.All.Where(d => !d.IsTested).SelectMany(d => d.Ids)];
        string[] accounted = [.. s_tested, .. untested];
        string[] all = [.. GoCases.All.Select(c => c.Id)];

        Assert.Empty(all.Except(accounted));
        Assert.Empty(accounted.Except(all));
        Assert.Empty(Repeated(accounted));
    }

    [Fact]
    public void Every_difference_is_shown_by_a_test_or_states_its_result()
    {
        string[] all = [.. Differences.All.SelectMany(d => d.Ids)];
        Assert.Empty(Differences.All.Where(d => d.IsTested).SelectMany(d => d.Ids).Except(s_tested));
        Assert.Empty(Repeated(all));
    }

    private static IEnumerable<string> Repeated(string[] ids) => ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key);
}
