using BenchmarkDotNet.Running;
using HotLoop.Micro;

BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(args, new MicroConfig(args));
