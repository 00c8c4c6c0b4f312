namespace HotLoop.Serving;

/// <summary>How far a server is.</summary>
internal enum ServingStage
{
    /// <summary>It accepts.</summary>
    Serving,

    /// <summary>Handlers are told to stop, and may end by themselves.</summary>
    Draining,

    /// <summary>Connections that are left are closed.</summary>
    Closing,
}
