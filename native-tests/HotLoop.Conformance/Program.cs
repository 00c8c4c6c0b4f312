using HotLoop.Conformance.Seeds.Shim;

// The test runner does not come here: this is the child process of the seeds below the native calls.
return await FaultyProcess.RunAsync(args);
