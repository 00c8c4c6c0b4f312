using HotLoop.Loops;

namespace HotLoop;

/// <summary>
/// One event loop: a thread that waits for its sockets and runs their handlers. Code that runs on it must not block; what must
/// block goes through <see cref="Offload{T}(Func{T})"/>.
/// </summary>
/// <remarks>
/// <para>
/// Which awaits come back to the loop, for code that began on it: a read, write, lease or accept that need not wait in line (with or
/// without <c>ConfigureAwait(false)</c>; inline, within the tick), and every other await unless it says <c>ConfigureAwait(false)</c>.
/// Code that began elsewhere is resumed where its own context says, the thread pool by default: it never runs on a
/// loop's thread unless it asks by <see cref="SwitchTo"/>.
/// </para>
/// <para>Safe for use from any thread. After its group is disposed, work runs on the thread pool.</para>
/// </remarks>
public sealed class Loop
{
    internal Loop(LoopGroup group, LoopCore core)
    {
        Group = group;
        Core = core;
        core.PublicLoop = this;
    }

    /// <summary>The loop whose thread this is, or null.</summary>
    public static Loop? Current => LoopCore.CurrentLoop?.PublicLoop;

    /// <summary>The group it belongs to.</summary>
    public LoopGroup Group { get; }

    /// <summary>Whether the calling code runs on this loop's thread.</summary>
    public bool IsCurrent => Core.IsCurrent;

    internal LoopCore Core { get; }

    /// <summary>Has <paramref name="work"/> called on the loop's thread, in a later step than this call. Does not wait.</summary>
    /// <remarks>An exception that leaves <paramref name="work"/> ends the process, as on any thread.</remarks>
    public void Post(Action<object?> work, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        Core.Post(work, state);
    }

    /// <summary>Runs <paramref name="work"/>, which may block, on the thread pool, and continues on this loop.</summary>
    /// <returns>The result of <paramref name="work"/>, or its exception.</returns>
    public async Task<T> Offload<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Task<T> task = Task.Run(work);
        await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SwitchTo();
        return await task;
    }

    /// <summary>Runs <paramref name="work"/>, which may block, on the thread pool, and continues on this loop.</summary>
    public async Task Offload(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Task task = Task.Run(work);
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SwitchTo();
        await task;
    }

    /// <summary><c>await loop.SwitchTo()</c>: what follows runs on this loop's thread; at once when already there.</summary>
    public LoopSwitch SwitchTo() => new(this);
}
