namespace HotLoop.Load;

/// <summary>What is done with a connection.</summary>
public enum LoadMode
{
    /// <summary>It lives as long as the run and carries one request after the other.</summary>
    Exchange,

    /// <summary>It is opened, carries one request, and is closed; the time of a request is that of all three.</summary>
    Churn,

    /// <summary>It carries one request and is then held, silent, until the end.</summary>
    Idle,
}
