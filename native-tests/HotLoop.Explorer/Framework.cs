using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("HotLoop.Explorer.Framework", "HotLoop.Explorer")]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace HotLoop.Explorer;

/// <summary>xunit's own; that it is made has the module initializer run before any type of these tests is looked at.</summary>
public sealed class Framework(IMessageSink messageSink) : XunitTestFramework(messageSink);
