using HotLoop.Sockets;

namespace HotLoop;

/// <summary>
/// How a read or write ended: Go's <c>n, err</c>. For a read, 0 bytes without an error is the end of the stream. For a write, an
/// error may come with a count above 0: so many bytes are with the kernel, and the stream can go on from there.
/// </summary>
/// <param name="Count">Bytes moved.</param>
/// <param name="Error">Null when all went well.</param>
public readonly record struct IoResult(int Count, OpError? Error)
{
    internal static IoResult OfRead(int code, IErrorSource owner) =>
        code >= 0 ? new IoResult(code, null) : new IoResult(0, owner.CreateError("read", code));

    internal static IoResult OfWrite(int code, int sent, IErrorSource owner) =>
        new(sent, code < 0 ? owner.CreateError("write", code) : null);
}
