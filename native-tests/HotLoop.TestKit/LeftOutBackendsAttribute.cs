using System.Reflection;
using Xunit.Sdk;

namespace HotLoop.TestKit;

/// <summary>Beside the rows of <see cref="Backends"/>: a skipped test for each backend that has none, with the reason in its name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LeftOutBackendsAttribute : DataAttribute
{
    public override string Skip => "It does not work on this machine.";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => new Backends().LeftOut.Select(reason => new object[] { reason });
}
