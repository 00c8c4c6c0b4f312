// Builds are not helped by others beside them.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
