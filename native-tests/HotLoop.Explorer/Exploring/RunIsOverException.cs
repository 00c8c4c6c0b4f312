namespace HotLoop.Explorer.Exploring;

/// <summary>Takes a thread out of the library's code when a run has failed elsewhere.</summary>
internal sealed class RunIsOverException : Exception;
