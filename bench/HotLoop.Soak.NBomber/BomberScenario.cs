using HotLoop.Soak.Scenarios;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using NBomberScenario = NBomber.CSharp.Scenario;

namespace HotLoop.Soak.NBomber;

/// <summary>A scenario as NBomber runs it, and what NBomber says about it in the words of the verdict.</summary>
internal static class BomberScenario
{
    // An iteration is one step, with the pause outside of it: the figures of the step are then those of the iteration.
    private const string StepName = "iteration";

    internal static ScenarioProps Create(CatalogueEntry entry, SoakTarget target, TimeSpan duration) =>
        NBomberScenario.Create(entry.Scenario.Name, context => RunAsync(entry, target, context))
            .WithoutWarmUp()
            .WithLoadSimulations(Simulation.KeepConstant(entry.Copies, duration));

    /// <summary>One for each scenario of the catalogue, also where NBomber has nothing about it.</summary>
    internal static IReadOnlyList<ScenarioSummary> Summarize(NodeStats stats) =>
        [.. Catalogue.All.Select(entry => Summarize(entry.Scenario.Name, FindStep(stats, entry.Scenario.Name)))];

    private static async Task<IResponse> RunAsync(CatalogueEntry entry, SoakTarget target, IScenarioContext context)
    {
        IResponse response = await Step.Run(StepName, context, async () =>
        {
            IterationResult result = await entry.Scenario.RunAsync(target, Random.Shared, CancellationToken.None);
            return result.IsGood
                ? Response.Ok(statusCode: "good", sizeBytes: result.Bytes)
                : Response.Fail(statusCode: result.Failure.ToString(), message: result.Text);
        });
        await Task.Delay(entry.Pause);
        return response;
    }

    private static StepStats? FindStep(NodeStats stats, string scenario) => stats.ScenarioStats
        .FirstOrDefault(s => s.ScenarioName == scenario)?.StepStats
        .FirstOrDefault(s => s.StepName == StepName);

    private static ScenarioSummary Summarize(string scenario, StepStats? step)
    {
        if (step is null)
        {
            return new ScenarioSummary(scenario, 0, 0, new Dictionary<FailureKind, long>(), "", 0, new LatencySummary(0, 0, 0));
        }

        // A code that is not of the catalogue's own is one of NBomber's: the iteration did not get to an end.
        Dictionary<FailureKind, long> kinds = step.Fail.StatusCodes
            .GroupBy(code => Enum.TryParse(code.StatusCode, out FailureKind kind) ? kind : FailureKind.Error)
            .ToDictionary(group => group.Key, group => group.Sum(code => (long)code.Count));
        return new ScenarioSummary(
            scenario,
            step.Ok.Request.Count + step.Fail.Request.Count,
            step.Fail.Request.Count,
            kinds,
            step.Fail.StatusCodes.FirstOrDefault()?.Message ?? "",
            step.Ok.DataTransfer.AllBytes,
            new LatencySummary(step.Ok.Latency.Percent50, step.Ok.Latency.Percent99, step.Ok.Latency.MaxMs));
    }
}
