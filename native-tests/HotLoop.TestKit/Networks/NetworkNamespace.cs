using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace HotLoop.TestKit.Networks;

/// <summary>
/// A network of its own, in which only a loopback interface is, and that is down: one thread in a new network namespace, with a group of
/// loops that it started, whose threads are in the namespace too. A socket belongs to the namespace of the thread that makes it.
/// <para>A thread is made in the namespace of its maker, so a thread that the pool makes for work from here would stay here for good, and run
/// other tests' code later. The pool is given its threads before, and that none was made here is looked at in the end.</para>
/// </summary>
public sealed partial class NetworkNamespace : IDisposable
{
    private const int NewNetwork = 0x40000000; // CLONE_NEWNET

    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _work = [];
    private readonly Thread _thread;
    private string? _name;

    public NetworkNamespace(BackendKind backend)
    {
        PoolThreads.Start();
        TaskCompletionSource<LoopGroup> started = new();
        _thread = new Thread(() => Serve(backend, started)) { IsBackground = true, Name = "network namespace" };
        _thread.Start();
        Loops = started.Task.GetAwaiter().GetResult();
    }

    public LoopGroup Loops { get; }

    /// <summary>Why this system makes no namespace; null: it does.</summary>
    public static string? Refusal()
    {
        string? refusal = null;
        Thread thread = new(() => refusal = unshare(NewNetwork) == 0
            ? null
            : $"Needs a network namespace, for which root is asked: unshare(CLONE_NEWNET) says: {new Win32Exception().Message}.");
        thread.Start();
        thread.Join();
        return refusal;
    }

    /// <summary>Runs <paramref name="body"/> on the namespace's thread, to which its awaits come back.</summary>
    public Task Run(Func<Task> body)
    {
        TaskCompletionSource<Task> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add((_ => started.SetResult(body()), null));
        return started.Task.Unwrap();
    }

    public void Dispose()
    {
        Loops.Dispose();
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
        if (Directory.EnumerateDirectories("/proc/self/task").Any(IsStray))
        {
            throw new InvalidOperationException("A thread of the pool was made in a network namespace, and stays there.");
        }
    }

    // Others may be there for a moment: those that have just ended.
    private bool IsStray(string thread)
    {
        try
        {
            return NameOf(thread) == _name && File.ReadAllText($"{thread}/comm").StartsWith(".NET TP", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    private static string? NameOf(string thread) => File.ResolveLinkTarget($"{thread}/ns/net", returnFinalTarget: false)?.Name;

    private void Serve(BackendKind backend, TaskCompletionSource<LoopGroup> started)
    {
        try
        {
            if (unshare(NewNetwork) != 0)
            {
                throw new Win32Exception();
            }

            _name = NameOf("/proc/thread-self");
            SynchronizationContext.SetSynchronizationContext(new ThreadContext(_work));
            started.SetResult(new LoopGroup(new LoopOptions { Backend = backend, LoopCount = 1 }));
        }
        catch (Exception e)
        {
            started.SetException(e);
            return;
        }

        foreach ((SendOrPostCallback callback, object? state) in _work.GetConsumingEnumerable())
        {
            callback(state);
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    private sealed class ThreadContext(BlockingCollection<(SendOrPostCallback, object?)> work) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => work.Add((d, state));
    }
}
