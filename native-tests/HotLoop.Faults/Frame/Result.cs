namespace HotLoop.Faults.Frame;

/// <summary>A row as it is kept: one line of JSON.</summary>
internal sealed record Result(
    int Number, string Title, string Backend, string Provoked, string Passes, string Measured, bool Passed, double Seconds, string Date);
