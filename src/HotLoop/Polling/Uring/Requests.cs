namespace HotLoop.Polling.Uring;

/// <summary>The kinds of requests that a descriptor can have with the kernel, at most one of each.</summary>
[Flags]
internal enum Requests : byte
{
    None = 0,

    /// <summary>Multishot receive.</summary>
    Receive = 1,

    /// <summary>Multishot poll for everything.</summary>
    Events = 2,

    /// <summary>Poll for one time that it is readable, where there are no buffers to receive into.</summary>
    Readable = 4,

    /// <summary>Multishot poll for room to write.</summary>
    Writable = 8,

    /// <summary>Poll for one time that the peer has ended or reset the connection, beside a receive that may miss it.</summary>
    HangUp = 16,
}
