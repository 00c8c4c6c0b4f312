using System.Reflection;
using Xunit.Sdk;

namespace HotLoop.Abi;

/// <summary>Rows of (name), or of (name, field): the structures that the headers have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StructureDataAttribute(bool fields = false) : DataAttribute
{
    public bool Fields { get; } = fields;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Rows(Fields, missing: false);

    internal static IEnumerable<object[]> Rows(bool fields, bool missing) =>
        Structures.All
            .Where(structure => Probe.Answers.Missing.Contains(structure.Key) == missing)
            .SelectMany<KeyValuePair<string, (Type Type, int Size, Field[] Fields)>, object[]>(structure =>
                fields ? structure.Value.Fields.Select(field => new object[] { structure.Key, field.Name }) : [[structure.Key]]);
}

/// <summary>The others: skipped under their own names, as missing constants are.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MissingStructureDataAttribute(bool fields = false) : DataAttribute
{
    public bool Fields { get; } = fields;

    public override string Skip => "The C headers of this machine do not have it.";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => StructureDataAttribute.Rows(Fields, missing: true);
}
