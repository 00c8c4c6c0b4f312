using HotLoop.Native;

namespace HotLoop.Loops;

/// <summary>The thread that turns a loop, from its start until it has been asked to stop.</summary>
internal sealed class LoopThread
{
    private readonly LoopCore _core;
    private readonly Thread _thread;
    private readonly int? _cpu;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">Of the thread.</param>
    /// <param name="core">Turned by nobody else.</param>
    /// <param name="cpu">CPU to bind the thread to, or null.</param>
    internal LoopThread(string name, LoopCore core, int? cpu)
    {
        _core = core;
        _cpu = cpu;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Ends with the thread's last use of the loop.</summary>
    internal Task Ended => _ended.Task;

    internal void Start() => _thread.Start();

    internal void Join() => _thread.Join();

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(_core.Context);
        if (_cpu is int cpu)
        {
            _ = Kernel.Current.PinThread(cpu); // a wish: the CPU may have gone
        }

        _core.Enter();
        while (!_core.IsStopping)
        {
            _core.TurnOrSleep();
        }

        _core.End();
        SynchronizationContext.SetSynchronizationContext(null);
        _ended.SetResult();
    }
}
