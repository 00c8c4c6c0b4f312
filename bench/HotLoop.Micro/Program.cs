using BenchmarkDotNet.Running;
using HotLoop.Micro;

if (args is ["--filter", "native-calls"])
{
    NativeCalls.Run();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(MicroConfig).Assembly).Run(args, new MicroConfig(args));
