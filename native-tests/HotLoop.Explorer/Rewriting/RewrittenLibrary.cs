using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace HotLoop.Explorer.Rewriting;

/// <summary>Whoever asks for HotLoop in this process is given the rewritten copy: there is no other beside the tests.</summary>
internal static class RewrittenLibrary
{
#pragma warning disable CA2255 // nothing of HotLoop can be loaded before it
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() =>
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
