// Runs of the soak look at memory and descriptors of a process, and two at once would share the processors.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
