using System.Globalization;
using Xunit;

namespace HotLoop.TestKit;

/// <summary>A theory that needs so many descriptors; where a process may have fewer it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DescriptorTheoryAttribute : TheoryAttribute
{
    public DescriptorTheoryAttribute(int needed)
    {
        Needed = needed;
        string limit = File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        if (int.TryParse(limit, CultureInfo.InvariantCulture, out int allowed) && allowed < needed)
        {
            Skip = $"needs {needed} descriptors, a process may have {allowed} (ulimit -n)";
        }
    }

    public int Needed { get; }
}
