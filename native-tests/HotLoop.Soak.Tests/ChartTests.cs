using System.Xml.Linq;
using HotLoop.Soak.Tests.Kit;

namespace HotLoop.Soak.Tests;

public class ChartTests
{
    [Theory]
    [InlineData(0, 0.001)]
    [InlineData(0.3, 0.3)]
    [InlineData(42.4, 50)]
    [InlineData(60, 60)]
    [InlineData(121, 150)]
    public void An_axis_ends_at_a_round_number_that_is_not_too_far(double most, double max) =>
        Assert.Equal(max, Scale.From0(most).Max, 1e-9);

    [Fact]
    public void It_is_xml_with_three_curves_of_all_samples()
    {
        ScenarioSummary[] scenarios = [Outcomes.Scenario("echo")];
        Sample[] samples = [.. Enumerable.Range(1, 7).Select(second => Outcomes.SampleAt(second) with { Scenarios = scenarios })];
        XDocument svg = XDocument.Parse(Chart.Render(new SoakReport("<engine>", 7, 1, [], Outcomes.Good, samples)));
        IEnumerable<XElement> lines = svg.Descendants().Where(e => e.Name.LocalName == "polyline");
        string[] curves = [.. lines.Select(e => e.Attribute("points")!.Value)];
        Assert.Equal(3, curves.Length);
        Assert.All(curves, curve => Assert.Equal(samples.Length, curve.Split(' ').Length));
    }
}
