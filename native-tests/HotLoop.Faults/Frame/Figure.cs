using System.Globalization;

namespace HotLoop.Faults.Frame;

/// <summary>Something measured, or looked at, and what it has to be.</summary>
/// <param name="What">With its unit.</param>
/// <param name="Value">Measured; of a check, 1 if it holds.</param>
/// <param name="Least">Null: no bound on this side.</param>
/// <param name="Most">Null: no bound on this side.</param>
/// <param name="IsCheck">Only whether it holds.</param>
internal sealed record Figure(string What, double Value, double? Least, double? Most, bool IsCheck)
{
    internal bool Passes => !(Value < Least) && !(Value > Most) && !double.IsNaN(Value);

    internal string Bound => (Least, Most, IsCheck) switch
    {
        (_, _, true) => What,
        (null, null, _) => $"{What}: reported",
        (null, { } most, _) => $"{What} ≤ {Number(most)}",
        ({ } least, null, _) => $"{What} ≥ {Number(least)}",
        ({ } least, { } most, _) when least == most => $"{What} = {Number(least)}",
        ({ } least, { } most, _) => $"{What} {Number(least)} to {Number(most)}",
    };

    internal string Measured => IsCheck ? Passes ? "yes" : $"NOT: {What}" : $"{Number(Value)}{(Passes ? "" : " (FAILED)")}";

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
