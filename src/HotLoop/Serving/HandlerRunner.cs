namespace HotLoop.Serving;

/// <summary>Runs a connection's handler on its loop; whatever happens, the connection is closed afterwards.</summary>
internal static class HandlerRunner
{
    private static readonly Action<Task, object?> s_end = static (task, conn) => End(task, (Conn)conn!, ServingStage.Serving);

    internal static Task Run(Conn conn, Func<Conn, Task> handler) =>
        conn.Loop.IsCurrent ? RunHere(conn, handler, s_end) : RunThere(conn, handler);

    /// <summary>
    /// Runs <paramref name="handler"/> on the running loop, which is the connection's, and then <paramref name="end"/>, which is
    /// given the handler's ended task and calls <see cref="End"/>.
    /// </summary>
    // A continuation instead of an async method: on a thread with a SynchronizationContext an await would allocate more
    // for each idle connection, and could not be resumed inline when the handler ends.
    internal static Task RunHere(Conn conn, Func<Conn, Task> handler, Action<Task, object?> end)
    {
        Task task;
        try
        {
            task = handler(conn) ?? throw new InvalidOperationException("The handler returned no task.");
        }
        catch (Exception e)
        {
            task = Task.FromException(e);
        }

        if (task.IsCompleted)
        {
            end(task, conn);
            return Task.CompletedTask;
        }

        return task.ContinueWith(
            end, conn, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>The handler's task has ended: closes the connection, and reports what is the handler's fault.</summary>
    /// <param name="task">Of the handler.</param>
    /// <param name="conn">Its connection.</param>
    /// <param name="stage">Of the server.</param>
    internal static void End(Task task, Conn conn, ServingStage stage)
    {
        conn.TryClose();
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        Exception fault = HandlerFault.Of(conn, task);
        if (HandlerFault.IsLoss(conn, fault))
        {
            conn.Loop.Group.CountLoss();
            return;
        }

        // A group that is disposed of closes its connections without a server's doing.
        if (HandlerFault.IsConsequenceOf(conn.Loop.Core.IsStopping ? ServingStage.Closing : stage, conn, fault))
        {
            return;
        }

        if (conn.Loop.IsCurrent)
        {
            Report(conn, fault);
        }
        else
        {
            conn.Loop.Post(_ => Report(conn, fault));
        }
    }

    private static async Task RunThere(Conn conn, Func<Conn, Task> handler)
    {
        await conn.Loop.SwitchTo();
        await RunHere(conn, handler, s_end).ConfigureAwait(false);
    }

    private static void Report(Conn conn, Exception fault) =>
        Callback.Run(() => conn.Loop.Group.OnHandlerFault(conn, fault));
}
