using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace HotLoop.Explorer.Rewriting;

/// <summary>Whoever asks for HotLoop in this process is given the rewritten copy: there is no other beside the tests.</summary>
internal static class RewrittenLibrary
{
#pragma warning disable CA2255 // nothing of HotLoop can be loaded before it
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register()
    {
        // An assertion of the library that fails is a failure of the run, not the end of the process.
        Trace.Listeners.Clear();
        Trace.Listeners.Add(new AssertionListener());
        AssemblyLoadContext.Default.Resolving += static (context, name) =>
        {
            if (name.Name != "HotLoop")
            {
                return null;
            }

            using Stream rewritten = Rewriter.Rewrite(Path.Combine(AppContext.BaseDirectory, "original", "HotLoop.dll"));
            return context.LoadFromStream(rewritten);
        };
    }

    private sealed class AssertionListener : TraceListener
    {
        public override void Fail(string? message, string? detailMessage) => throw new InvalidOperationException($"asserted: {message}");

        public override void Write(string? message)
        {
        }

        public override void WriteLine(string? message)
        {
        }
    }
}
