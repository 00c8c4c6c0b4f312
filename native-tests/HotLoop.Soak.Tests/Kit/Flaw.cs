namespace HotLoop.Soak.Tests.Kit;

/// <summary>What a <see cref="FlawedServer"/> does wrong.</summary>
internal enum Flaw
{
    /// <summary>It changes a bit of a byte now and then.</summary>
    WrongByte,

    /// <summary>It ends its connections, but keeps their descriptors.</summary>
    KeepsDescriptors,
}
