namespace HotLoop.Engine.Lab;

/// <summary>Who does it: a column of the log.</summary>
internal enum Side
{
    /// <summary>The one that dials.</summary>
    Client,

    /// <summary>The one that listens.</summary>
    Server,
}
