using System.Text.Json;

namespace HotLoop.Conformance;

/// <content>Comparison of socket options.</content>
public sealed partial class Scenario
{
    /// <summary>
    /// Every option that Go's case lists, but <paramref name="except"/> (what depends on the machine, or differs by design).
    /// </summary>
    public void CheckOptions(string id, KernelView view, params string[] except)
    {
        GoCase go = Saw(id);
        foreach (JsonProperty expected in go.Extra.EnumerateObject().Where(p => !except.Contains(p.Name)))
        {
            if (Kernel.TryOption(expected.Name, out _))
            {
                CheckOption(go, expected.Name, view.Option(expected.Name), expected.Value.GetInt32());
            }

            switch (expected.Name)
            {
                case "FD_CLOEXEC":
                    CheckOption(go, expected.Name, view.IsCloseOnExec, expected.Value.GetBoolean());
                    break;
                case "O_NONBLOCK":
                    CheckOption(go, expected.Name, view.IsNonBlocking, expected.Value.GetBoolean());
                    break;
                case "linger":
                    CheckOption(go, expected.Name, view.Linger, expected.Value.GetString());
                    break;
                case "family":
                    CheckOption(
                        go, expected.Name, view.Option("SO_DOMAIN") == 2 ? "AF_INET" : "AF_INET6", expected.Value.GetString());
                    break;
                default:
                    break;
            }
        }
    }

    private void CheckOption<T>(GoCase go, string name, T actual, T expected)
    {
        _results[go.Id].Other(name, JsonSerializer.Serialize(actual).Trim('"'));
        Assert.True(Equals(actual, expected) || IsDifferent(go), $"{Title(go)}: {name} is {actual}, Go's {expected}");
    }
}
