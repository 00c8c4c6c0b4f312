// The leak guard counts the process's descriptors, so test classes run one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
