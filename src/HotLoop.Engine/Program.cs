using HotLoop.Engine;

return await CommandLine.RunAsync(args);
