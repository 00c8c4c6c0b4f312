namespace HotLoop.Parking;

/// <summary>A continuation that asked for its ExecutionContext to flow. Compiled async methods do that themselves, so this is rare.</summary>
internal sealed class CapturedContinuation(ExecutionContext context, Action<object?> continuation, object? state)
{
    internal static readonly Action<object?> Run = static self => ((CapturedContinuation)self!).Invoke();

    private void Invoke() =>
        ExecutionContext.Run(context, static self => ((CapturedContinuation)self!).InvokeInContext(), this);

    private void InvokeInContext() => continuation(state);
}
