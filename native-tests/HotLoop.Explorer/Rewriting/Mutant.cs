namespace HotLoop.Explorer.Rewriting;

/// <summary>
/// A defect that can be switched on: a call of the library that is then left out. The arguments are thrown away; what stands for the result is
/// <paramref name="Result"/>, where the call has one.
/// </summary>
/// <param name="Type">Simple name of the type with the call.</param>
/// <param name="Method">The method with the call.</param>
/// <param name="Callee">Name of the called method.</param>
/// <param name="Occurrence">Which of the calls in that method: 0 the first.</param>
/// <param name="Result">0 or 1, for calls that return a bool or a number.</param>
/// <param name="Torn">Not left out: a compare-and-swap, made of a read and a write that others can come between.</param>
internal sealed record Mutant(string Type, string Method, string Callee, int Occurrence = 0, int Result = 0, bool Torn = false)
{
    internal bool IsAt(string type, string method, string callee, int occurrence) =>
        type == Type && method == Method && callee == Callee && occurrence == Occurrence;

    public override string ToString() =>
        Torn ? $"{Type}.{Method}: {Callee} torn" : $"{Type}.{Method}: no {Callee}, occurrence {Occurrence}";
}
