using HotLoop.Soak;

#pragma warning disable CA1050 // the runtime looks for this name, without a namespace

/// <summary>What the engine's runtime calls before the engine's own code, when it is started with this assembly as a startup hook.</summary>
internal static class StartupHook
{
    internal static void Initialize()
    {
        if (GcStress.OfThisProcess() is { } stress)
        {
            new Thread(stress.Run) { IsBackground = true, Name = "GC stress" }.Start();
        }
    }
}
