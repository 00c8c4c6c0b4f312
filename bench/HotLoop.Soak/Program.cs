using HotLoop.Soak;

return await CommandLine.RunAsync(args);
