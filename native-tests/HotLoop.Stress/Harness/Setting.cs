using Xunit.Abstractions;

namespace HotLoop.Stress;

/// <summary>What a test runs on: a backend, a transport, and whether its body runs on a loop or off the loops.</summary>
public sealed class Setting : IXunitSerializable
{
    [Obsolete("For the test runner, which then calls Deserialize.")]
    public Setting()
        : this(default, Transport.All[0], onLoop: false)
    {
    }

    public Setting(BackendKind backend, Transport transport, bool onLoop)
    {
        Backend = backend;
        Transport = transport;
        OnLoop = onLoop;
    }

    public BackendKind Backend { get; private set; }

    public Transport Transport { get; private set; }

    public bool OnLoop { get; private set; }

    public void Serialize(IXunitSerializationInfo info)
    {
        info.AddValue(nameof(Backend), Backend);
        info.AddValue(nameof(Transport), Transport.Network);
        info.AddValue(nameof(OnLoop), OnLoop);
    }

    public void Deserialize(IXunitSerializationInfo info)
    {
        Backend = info.GetValue<BackendKind>(nameof(Backend));
        Transport = Transport.Of(info.GetValue<string>(nameof(Transport)));
        OnLoop = info.GetValue<bool>(nameof(OnLoop));
    }

    public override string ToString() => $"{Backend}, {Transport}, {(OnLoop ? "on the loop" : "off the loop")}";
}
