// Each scenario measures: none may run beside another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
