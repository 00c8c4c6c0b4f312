using System.Reflection;
using Xunit.Sdk;

namespace HotLoop.Abi;

/// <summary>Rows of (name, value): the constants of LibC or Errno that the headers have.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConstantDataAttribute(string group) : DataAttribute
{
    public string Group { get; } = group;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Rows(Group, missing: false);

    internal static IEnumerable<object[]> Rows(string group, bool missing) =>
        (group == "Errno" ? Constants.OfErrno : Constants.OfLibC)
            .Where(constant => Probe.Answers.Missing.Contains(constant.Key) == missing)
            .Select(constant => new object[] { constant.Key, constant.Value });
}

/// <summary>The others: each becomes a skipped test under its own name, instead of a row that silently is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MissingConstantDataAttribute(string group) : DataAttribute
{
    public string Group { get; } = group;

    public override string Skip => "The C headers of this machine do not have it.";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => ConstantDataAttribute.Rows(Group, missing: true);
}
