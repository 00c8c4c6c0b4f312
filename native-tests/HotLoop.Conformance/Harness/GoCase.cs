using System.Text.Json;
using System.Text.Json.Serialization;

namespace HotLoop.Conformance;

/// <summary>One observation of real Go: a line of go-net-behaviour.jsonl.</summary>
/// <param name="Id">Area, case and step: "read.partial/1".</param>
/// <param name="Area">"dial", "listen", "read", "write", "opt" and others.</param>
/// <param name="Did">What was done, in words.</param>
/// <param name="Count">Bytes, where the call counts them.</param>
/// <param name="Error">Error text with ports written as PORT; empty: none.</param>
/// <param name="Chain">The error's types, outermost first.</param>
/// <param name="Timeout">Its Timeout().</param>
/// <param name="Temporary">Its Temporary().</param>
/// <param name="Is">Sentinels that errors.Is finds in it.</param>
/// <param name="Elapsed">How long it took, roughly: "~100ms".</param>
/// <param name="Extra">What else was looked at.</param>
public sealed record GoCase(
    string Id,
    string Area,
    string Did,
    [property: JsonPropertyName("n")] long? Count,
    [property: JsonPropertyName("err")] string Error,
    string Chain,
    bool Timeout,
    bool Temporary,
    string[] Is,
    string? Elapsed,
    JsonElement Extra);
