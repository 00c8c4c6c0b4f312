using System.Runtime.CompilerServices;

namespace HotLoop;

/// <summary>The awaitable of <see cref="Loop.SwitchTo"/>.</summary>
public readonly struct LoopSwitch : ICriticalNotifyCompletion, IEquatable<LoopSwitch>
{
    private readonly Loop _loop;

    internal LoopSwitch(Loop loop) => _loop = loop;

    /// <summary>Already on the loop.</summary>
    public bool IsCompleted => _loop.IsCurrent;

    /// <summary>For the compiler.</summary>
    public LoopSwitch GetAwaiter() => this;

    /// <summary>For the compiler.</summary>
    public void GetResult()
    {
    }

    /// <summary>For the compiler.</summary>
    public void OnCompleted(Action continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        ExecutionContext? context = ExecutionContext.Capture();
        _loop.Post(
            context is null
                ? _ => continuation()
                : _ => ExecutionContext.Run(context, static c => ((Action)c!)(), continuation));
    }

    /// <summary>For the compiler.</summary>
    public void UnsafeOnCompleted(Action continuation) => _loop.Post(static c => ((Action)c!)(), continuation);

    /// <inheritdoc/>
    public bool Equals(LoopSwitch other) => ReferenceEquals(_loop, other._loop);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LoopSwitch other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _loop?.GetHashCode() ?? 0;

    /// <summary>Same loop.</summary>
    public static bool operator ==(LoopSwitch left, LoopSwitch right) => left.Equals(right);

    /// <summary>Not the same loop.</summary>
    public static bool operator !=(LoopSwitch left, LoopSwitch right) => !left.Equals(right);
}
