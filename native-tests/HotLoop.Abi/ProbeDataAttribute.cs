using System.Reflection;
using Xunit.Sdk;

namespace HotLoop.Abi;

/// <summary>What is compared with the headers of a processor.</summary>
public enum Compared
{
    /// <summary>Rows of (processor, constant).</summary>
    Constants,

    /// <summary>Rows of (processor, structure or type).</summary>
    Sizes,

    /// <summary>Rows of (processor, structure, field).</summary>
    Fields,
}

/// <summary>
/// Rows of what the headers of a processor have. Where no program for it can be compiled and run, there is one skipped row that says why.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProbeDataAttribute(Compared what, string processor) : DataAttribute
{
    private readonly Processor _processor = HotLoop.Abi.Processor.ByName(processor);

    public Compared What { get; } = what;

    public string Processor { get; } = processor;

    public override string? Skip => _processor.SkipReason;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Skip is not null
        ? [What == Compared.Fields ? [Processor, "all", "all"] : [Processor, "all"]]
        : Rows(What, _processor, missing: false);

    internal static IEnumerable<object[]> Rows(Compared what, Processor processor, bool missing)
    {
        IReadOnlyList<string> lacks = Probe.Of(processor).Missing;
        IEnumerable<object[]> rows = what switch
        {
            Compared.Constants => Constants.For(processor).Select(name => new object[] { processor.Name, name }),
            Compared.Sizes => Structures.All.Keys.Concat(Package.Structures).Concat(Package.Types).Select(name => new object[] { processor.Name, name }),
            _ => from name in Structures.All.Keys.Concat(Package.Structures)
                 from field in Structures.All.TryGetValue(name, out var own) ? own.Fields : Package.Of(processor).FieldsOf(name)
                 select new object[] { processor.Name, name, field.Name },
        };
        return rows.Where(row => lacks.Contains((string)row[1]) == missing);
    }
}

/// <summary>The others: each becomes a skipped test under its own name, instead of a row that silently is not there.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class MissingDataAttribute(Compared what, string processor) : DataAttribute
{
    private readonly Processor _processor = HotLoop.Abi.Processor.ByName(processor);

    public Compared What { get; } = what;

    public string Processor { get; } = processor;

    public override string Skip => "The C headers here do not have it.";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        _processor.SkipReason is not null ? [] : ProbeDataAttribute.Rows(What, _processor, missing: true);
}
