namespace HotLoop.Sockets;

/// <summary>The two independent halves of a descriptor.</summary>
internal enum Direction
{
    Read,
    Write,
}
