namespace HotLoop.Conformance;

/// <summary>What a connect to a loopback address finds.</summary>
public enum LoopbackAnswer
{
    /// <summary>A port where nobody listens.</summary>
    Refuses,

    /// <summary>A listener.</summary>
    Listens,

    /// <summary>A listener whose queue is full.</summary>
    Hangs,
}
