namespace HotLoop.Faults.Frame;

/// <summary>The one backend that has the rings of a scenario.</summary>
public sealed class UringOnly : TheoryData<BackendKind>
{
    public UringOnly() => Add(BackendKind.IoUring);
}
