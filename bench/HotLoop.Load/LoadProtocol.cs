namespace HotLoop.Load;

/// <summary>What a request and its response are.</summary>
public enum LoadProtocol
{
    /// <summary>A message of fixed length over TCP, which the server sends back.</summary>
    Echo,

    /// <summary>HTTP/1.1 GET.</summary>
    Http,
}
