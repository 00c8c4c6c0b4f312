namespace HotLoop.Sockets;

/// <summary>Who may listen on the same port beside a new listener (SO_REUSEPORT, socket(7)).</summary>
internal enum PortSharing
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>Anybody of the same user who asks for it too.</summary>
    Open,

    /// <summary>Nobody until it listens; afterwards those who open it with <see cref="Open"/>.</summary>
    FirstOfGroup,
}
