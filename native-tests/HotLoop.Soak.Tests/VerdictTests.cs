using HotLoop.Soak.Scenarios;
using HotLoop.Soak.Tests.Kit;

namespace HotLoop.Soak.Tests;

public class VerdictTests
{
    [Fact]
    public void A_good_outcome_has_no_reasons() => Assert.Empty(Verdict.Judge(Outcomes.Good, Outcomes.Limits));

    [Theory]
    [InlineData(60, true)]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public void Descriptors_come_back_to_what_they_were(int after, bool isGood) =>
        Expect(Outcomes.Good with { DescriptorsAfter = after }, isGood, "descriptors: 60 before the load, 61 after it");

    [Theory]
    [InlineData(20, true)]
    [InlineData(52, true)] // 40 MiB, a tenth of it, and 8 MiB
    [InlineData(53, false)]
    public void Memory_may_grow_by_a_tenth_and_a_bit(long settled, bool isGood) => Expect(
        Outcomes.Good with { SettledRssBytes = settled * Outcomes.Mebibyte },
        isGood,
        "memory: 40.0 MiB when warm, 53.0 MiB after the load, the limit is 52.0 MiB");

    [Theory]
    [InlineData(41, true)]
    [InlineData(42, false)]
    public void A_limit_of_its_own_replaces_that(long settled, bool isGood) => Expect(
        Outcomes.Good with { SettledRssBytes = settled * Outcomes.Mebibyte },
        isGood,
        "memory: 40.0 MiB when warm, 42.0 MiB after the load, the limit is 41.0 MiB",
        Outcomes.Limits with { MaxRssGrowthBytes = Outcomes.Mebibyte });

    [Theory]
    [InlineData("echo", 100, true)]
    [InlineData("echo", 100.5, false)]
    [InlineData("burst", 5000, true)]
    public void Latency_counts_for_echo_only(string scenario, double p99, bool isGood) => Expect(
        Outcomes.Good with { Scenarios = [Outcomes.Scenario(scenario, p99Milliseconds: p99)] },
        isGood,
        "echo: the p99 latency is 100.5 ms, the limit is 100 ms");

    [Fact]
    public void One_failed_iteration_fails_the_soak()
    {
        ScenarioSummary scenario = Outcomes.Scenario("burst") with
        {
            Failures = 3,
            FailureKinds = new Dictionary<FailureKind, long> { [FailureKind.WrongByte] = 1, [FailureKind.TimedOut] = 2 },
            FirstFailure = "wrong byte at 7",
        };
        Expect(
            Outcomes.Good with { Scenarios = [scenario] },
            isGood: false,
            "burst: 3 of 100 iterations failed (1 WrongByte, 2 TimedOut); the first: wrong byte at 7");
    }

    [Fact]
    public void A_scenario_that_never_ran_fails_the_soak() => Expect(
        Outcomes.Good with { Scenarios = [Outcomes.Scenario("idle", iterations: 0)] },
        isGood: false,
        "idle: not one iteration was completed");

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void Stress_without_a_compacting_collection_was_none(int compacting, bool isGood) => Expect(
        Outcomes.Good with { GcStress = new GcStressSummary(10, 20) { Collections = 5, Compacting = compacting } },
        isGood,
        "the engine never compacted its memory, though it was to");

    [Fact]
    public void Copies_that_hang_fail_the_soak() =>
        Expect(Outcomes.Good with { HangingCopies = 2 }, isGood: false, "2 copies of scenarios did not end");

    [Fact]
    public void A_server_that_is_gone_is_the_reason_and_its_descriptors_are_none() => Expect(
        Outcomes.Good with { IsServerLost = true, DescriptorsAfter = 999 },
        isGood: false,
        "the server ended before it was told to");

    [Theory]
    [InlineData(3, "the engine ended with exit code 3")]
    [InlineData(null, "the engine had not ended 7.2 s after SIGTERM")]
    public void The_engine_has_to_end_well(int? exitCode, string reason) =>
        Expect(Outcomes.Good with { End = new EngineEnd(exitCode, 7.2, []) }, isGood: false, reason);

    [Fact]
    public void What_the_engine_complains_about_is_a_reason() => Expect(
        Outcomes.Good with { End = new EngineEnd(0, 0.1, ["oops"]) }, isGood: false, "the engine wrote to standard error: oops");

    [Fact]
    public void Every_reason_is_listed()
    {
        SoakOutcome outcome = Outcomes.Good with
        {
            DescriptorsAfter = 61,
            SettledRssBytes = 100 * Outcomes.Mebibyte,
            Scenarios = [Outcomes.Scenario("echo", p99Milliseconds: 200), Outcomes.Scenario("idle", iterations: 0)],
            End = new EngineEnd(1, 0.1, ["oops"]),
        };
        Assert.Equal(6, Verdict.Judge(outcome, Outcomes.Limits).Count);
    }

    private static void Expect(SoakOutcome outcome, bool isGood, string reason, SoakLimits? limits = null) =>
        Assert.Equal(isGood ? [] : [reason], Verdict.Judge(outcome, limits ?? Outcomes.Limits));
}
