namespace HotLoop.Sockets;

/// <summary>Dresses an outcome as an <see cref="OpError"/>: the connection whose operation it was, with its addresses.</summary>
internal interface IErrorSource
{
    OpError CreateError(string operation, int code);
}
