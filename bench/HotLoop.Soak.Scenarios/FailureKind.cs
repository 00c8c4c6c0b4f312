namespace HotLoop.Soak.Scenarios;

/// <summary>What went wrong in an iteration.</summary>
public enum FailureKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A byte came back that is not the one that was sent.</summary>
    WrongByte,

    /// <summary>The stream ended too early, or went on after what was sent.</summary>
    WrongCount,

    /// <summary>A deadline that had to expire did not, or not in its time.</summary>
    Deadline,

    /// <summary>The time that an iteration has was over.</summary>
    TimedOut,

    /// <summary>An error that the scenario does not expect.</summary>
    Error,
}
