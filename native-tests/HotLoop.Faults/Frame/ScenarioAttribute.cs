using HotLoop.Polling.Uring;
using HotLoop.TestKit.Networks;
using Xunit.Sdk;

namespace HotLoop.Faults.Frame;

/// <summary>
/// One of the numbered scenarios, a theory over the backends; its class is named by the number, as <c>S09OutOfDescriptors</c>. The traits
/// <c>Scenario=9</c> and <c>Brief=True</c> select some. Skipped with a line that says what is missing of all that it needs.
/// </summary>
[TraitDiscoverer("HotLoop.Faults.Frame.ScenarioTraits", "HotLoop.Faults")]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ScenarioAttribute(int number, string title) : TheoryAttribute, ITraitAttribute
{
    private static readonly Lazy<string?> s_namespaceRefusal = new(NetworkNamespace.Refusal);

    private string[] _needs = [];
    private bool _isUringOnly;
    private bool _inNamespace;

    public int Number { get; } = number;

    public string Title { get; } = title;

    /// <summary>Whether it belongs to the selection that runs with the other tests.</summary>
    public bool Brief { get; set; }

    /// <summary>Programs on the PATH, with spaces between.</summary>
    public string Needs
    {
        get => string.Join(' ', _needs);
        set
        {
            _needs = value.Split(' ');
            string[] missing = [.. _needs.Where(program => !IsOnPath(program))];
            Lacks(missing.Length == 0 ? null : $"needs {string.Join(", ", missing)}");
        }
    }

    /// <summary>Whether it concerns what only io_uring has: skipped with a line where that does not work, and its data is <see cref="UringOnly"/>.</summary>
    public bool IsUringOnly
    {
        get => _isUringOnly;
        set
        {
            _isUringOnly = value;
            Lacks(value && UringProbe.Obstacle is { } obstacle ? $"io_uring: {obstacle}" : null);
        }
    }

    /// <summary>Whether it runs in a network namespace: skipped with a line where the system makes none.</summary>
    public bool InNamespace
    {
        get => _inNamespace;
        set
        {
            _inNamespace = value;
            Lacks(value ? s_namespaceRefusal.Value : null);
        }
    }

    private void Lacks(string? what) => Skip = (Skip, what) switch
    {
        (_, null) => Skip,
        (null, _) => what,
        _ => $"{Skip}; {what}",
    };

    private static bool IsOnPath(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
