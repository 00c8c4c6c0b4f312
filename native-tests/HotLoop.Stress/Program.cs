using HotLoop.Stress.Crowd;

// The test runner does not come here: this is the child process of the tests that need more descriptors than one process has.
return ClientHolder.Run(args);
