using HotLoop.TestKit;

namespace HotLoop.Stress;

/// <summary>Every backend with every transport, off the loops and on one.</summary>
public sealed class Settings : TheoryData<Setting>
{
    public Settings()
    {
        foreach (BackendKind backend in new Backends())
        {
            foreach (Transport transport in Transport.All)
            {
                Add(new Setting(backend, transport, onLoop: false));
                Add(new Setting(backend, transport, onLoop: true));
            }
        }
    }
}
