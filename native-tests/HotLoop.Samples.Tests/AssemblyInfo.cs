// FdLeakGuard counts the sockets of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
