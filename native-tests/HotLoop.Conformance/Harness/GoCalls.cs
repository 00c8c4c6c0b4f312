using System.Text.RegularExpressions;

namespace HotLoop.Conformance;

/// <summary>Cases whose description is the call itself: <c>Dial("tcp", "127.0.0.1")</c>.</summary>
public static partial class GoCalls
{
    /// <summary>The two arguments of the call that <paramref name="id"/> describes.</summary>
    public static (string Network, string Address) Arguments(string id)
    {
        Match match = Call().Match(GoCases.Get(id).Did);
        Assert.True(match.Success, $"{id} does not describe a call");

        // Some port, where the address fails before a port matters.
        return (match.Groups[1].Value, match.Groups[2].Value.Replace("PORT", "9", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^(?:Dial|Listen)\(""(.*)"", ""(.*)""\)")]
    private static partial Regex Call();
}
