using Xunit.Sdk;

namespace HotLoop.Conformance.Table;

public sealed class RecordingTests
{
    [Fact]
    public void Two_runs_of_a_case_must_see_the_same()
    {
        const string Id = "no.case/1";
        Recording.Add(Id, "n 1", "here");
        Recording.Add(Id, "n 1", "there");
        Assert.Contains("there gives", Assert.ThrowsAny<XunitException>(() => Recording.Add(Id, "n 2", "there")).Message);
    }

    [Fact]
    public void A_result_shows_each_part_once_and_success_only_where_nothing_else_is()
    {
        CaseResult result = new();
        Assert.Equal("as Go", result.ToString());
        result.Error(null);
        Assert.Equal("no error", result.ToString());
        result.Count("> 0");
        result.Count("> 0");
        result.Other("b", "2");
        result.Other("a", "1|2");
        Assert.Equal(@"n > 0, a=1\|2, b=2", result.ToString());
        Assert.Equal(["id", @"a=1\|2"], Markdown.Cells(@"| id | a=1\|2 |")!);
    }
}
