using System.Reflection;

namespace HotLoop.Conformance;

public sealed class CoverageTests
{
    private static readonly string[] s_areas = ["dial", "listen", "read", "write", "opt"];

    [Fact]
    public void Every_TCP_case_of_these_areas_is_covered_or_listed()
    {
        HashSet<string> covered = [.. Covered()];
        HashSet<string> listed = [.. NotYet.ByReason.Values.SelectMany(ids => ids).SelectMany(GoCases.Expand)];
        string[] all = [.. GoCases.All.Where(c => s_areas.Contains(c.Id.Split('.')[0])).Select(c => c.Id)];

        Assert.Empty(all.Except(covered).Except(listed));
        Assert.Empty(covered.Intersect(listed));
        Assert.Empty(covered.Concat(listed).Except(all));
    }

    [Fact]
    public void No_case_is_declared_twice()
    {
        string[] ids = [.. Covered().Concat(NotYet.ByReason.Values.SelectMany(i => i).SelectMany(GoCases.Expand))];
        Assert.Empty(ids.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    private static IEnumerable<string> Covered() => typeof(CoverageTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .SelectMany(method => method.GetCustomAttribute<GoCaseAttribute>()?.Ids ?? []);
}
