// Tests look at the processor time and memory of a server, and ports of one must not be taken by another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
