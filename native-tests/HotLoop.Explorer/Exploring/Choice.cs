namespace HotLoop.Explorer.Exploring;

/// <summary>A point at which several threads could go on, and which of them did.</summary>
internal readonly record struct Choice(int Taken, int Ways);
