// Tests look at times and at the descriptors of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
