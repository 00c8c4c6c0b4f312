using System.Reflection;
using HotLoop.TestKit;
using Xunit.Sdk;

namespace HotLoop.Abi;

/// <summary>Rows of (name, number) of every errno; skipped where the C library is not the one whose texts Go took.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ErrnoTextDataAttribute : DataAttribute
{
    public override string? Skip =>
        Compiler.Path is null || Probe.Of(Processor.Native).IsGnu
            ? null
            : "The texts are the GNU C library's; this one words them differently.";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        Constants.OfErrno.Select(constant => new object[] { constant.Key, constant.Value });
}
