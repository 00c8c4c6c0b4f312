using Xunit.Abstractions;
using Xunit.Sdk;

namespace HotLoop.Faults.Frame;

/// <summary>Makes the number of a <see cref="ScenarioAttribute"/>, and whether it is brief, traits by which tests are filtered.</summary>
public sealed class ScenarioTraits : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute)
    {
        ArgumentNullException.ThrowIfNull(traitAttribute);
        yield return new("Scenario", $"{traitAttribute.GetConstructorArguments().First()}");
        yield return new("Brief", $"{traitAttribute.GetNamedArgument<bool>("Brief")}");
    }
}
