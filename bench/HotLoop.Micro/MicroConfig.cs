using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using Perfolizer.Horology;

namespace HotLoop.Micro;

/// <summary>How the benchmarks run: all of them in about ten minutes; the results go to artifacts/micro.</summary>
internal sealed class MicroConfig : ManualConfig
{
    /// <param name="args">Of the command line. A job named there takes the place of the one here.</param>
    internal MicroConfig(string[] args)
    {
        if (!args.Any(arg => arg is "-j" or "--job"))
        {
            AddJob(CreateJob());
        }

        AddDiagnoser(MemoryDiagnoser.Default);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddColumnProvider(DefaultColumnProviders.Instance);
        HideColumns(Column.Gen0, Column.Gen1, Column.Gen2);
        ArtifactsPath = Path.Combine("artifacts", "micro");
    }

    // Every benchmark is a batch, beside which the call of an empty method, the overhead that could be measured and subtracted, is
    // nothing. The default job: one that options such as --iterationCount change.
    private static Job CreateJob() => Job.Default
        .WithWarmupCount(4)
        .WithIterationCount(10)
        .WithIterationTime(TimeInterval.FromMilliseconds(150))
        .WithEvaluateOverhead(false)
        .AsDefault();
}
