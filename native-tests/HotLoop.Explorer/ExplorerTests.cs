using HotLoop.Explorer.Exploring;
using HotLoop.Explorer.Rewriting;
using Xunit.Abstractions;

namespace HotLoop.Explorer;

/// <summary>How the tests of a machine explore it.</summary>
public abstract class ExplorerTests(ITestOutputHelper output)
{
    /// <summary>The library holds: no interleaving fails.</summary>
    private protected void Holds(string scenario, Func<Machine> create)
    {
        Findings findings = Exploration.Explore(create, Counts.Preemptions);
        output.WriteLine(Counts.Add(scenario, findings));
        Assert.True(findings.IsExhausted, findings.Failure);
    }

    /// <summary>
    /// With the defect some interleaving fails. The fewest preemptions that show it come first; which of several failures is found first may differ from run to run.
    /// </summary>
    private protected void Catches(Mutant mutant, string failure, Func<Machine> create)
    {
        int interleavings = 0;
        for (int preemptions = 0; preemptions <= Counts.Preemptions; preemptions++)
        {
            Mutants.On = mutant;
            Findings findings;
            try
            {
                findings = Exploration.Explore(create, preemptions);
            }
            finally
            {
                Mutants.On = null;
            }

            interleavings += findings.Interleavings;
            if (findings.Failure is not null)
            {
                output.WriteLine(findings.Failure);
                output.WriteLine(Counts.Add(mutant, findings));
                Assert.Contains(failure, findings.Failure.Split('\n')[0], StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail($"{mutant}: nothing was found wrong in {interleavings} interleavings");
    }
}
