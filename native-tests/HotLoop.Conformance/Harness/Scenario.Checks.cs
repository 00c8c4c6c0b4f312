using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HotLoop.Conformance.Table;

namespace HotLoop.Conformance;

/// <content>Comparisons with Go.</content>
public sealed partial class Scenario
{
    /// <summary>A call without a count.</summary>
    public void Check(string id, OpError? error)
    {
        GoCase go = Saw(id);
        CheckError(go, error);
    }

    /// <summary>A call that returns nothing or throws.</summary>
    public void Check(string id, Action call) => Check(id, ErrorOf(call));

    /// <summary>An accept; a connection is the scenario's to close.</summary>
    public Conn? Check(string id, AcceptResult result)
    {
        Conn? conn = result.Conn is null ? null : Own(result.Conn);
        Check(id, result.Error);
        return conn;
    }

    /// <summary>A read or write.</summary>
    public void Check(string id, IoResult result, Counts counts = Counts.Exact)
    {
        GoCase go = Saw(id);
        CheckError(go, result.Error);
        (bool fits, string shown) = counts switch
        {
            Counts.Exact => (result.Count == go.Count, result.Count.ToString(CultureInfo.InvariantCulture)),
            Counts.Some => (result.Count > 0, "> 0"),
            _ => (true, "≥ 0"),
        };
        _results[id].Count(shown);
        Assert.True(fits || IsDifferent(go), $"{Title(go)}: count {result.Count}, Go's {go.Count}");
    }

    /// <summary>A dial: the error, or the addresses of the new connection where Go's case shows them.</summary>
    public Task<Conn?> Check(string id, Task<Conn> dial) => CheckMade(id, dial, c => (c.LocalAddress, c.RemoteAddress));

    /// <summary>An address among Go's extra observations, if it is there.</summary>
    public void CheckExtra(string id, string name, NetAddress address)
    {
        GoCase go = Saw(id);
        if (go.Extra.ValueKind == JsonValueKind.Object && go.Extra.TryGetProperty(name, out var expected))
        {
            string shown = Normalize(address.ToString());
            _results[id].Other(name, shown);
            Assert.True(
                shown == GoCases.Normalize(expected.GetString()!) || IsDifferent(go),
                $"{Title(go)}: {name} is {address}, Go's {expected.GetString()}");
        }
    }

    /// <summary>Another of Go's extra observations: a number, a word, or whether something was so.</summary>
    public void CheckExtra(string id, string name, object value)
    {
        GoCase go = Saw(id);
        string expected = GoResult.TextOf(go.Extra.GetProperty(name));
        string actual = GoResult.TextOf(JsonSerializer.SerializeToElement(value));
        _results[id].Other(name, actual);
        Assert.True(actual == expected || IsDifferent(go), $"{Title(go)}: {name} is {actual}, Go's {expected}");
    }

    [GeneratedRegex(@"\*net\.OpError\{Op:(\S+) Net:(\S*)\}")]
    private static partial Regex OpErrorPart();

    [GeneratedRegex(@"\*os\.SyscallError\{(\w+)\}")]
    private static partial Regex SystemCallPart();

    // What is listed as a difference is recorded and not compared: the table holds it.
    private static bool IsDifferent(GoCase go) => Differences.Find(go.Id) is not null;

    private async Task<T?> CheckMade<T>(string id, Task<T> dial, Func<T, (NetAddress Local, NetAddress? Remote)> addressesOf)
        where T : class, IDisposable
    {
        T made;
        try
        {
            made = Own(await dial);
        }
        catch (OpError e)
        {
            Check(id, e);
            return null;
        }

        Check(id, error: null);
        (NetAddress local, NetAddress? remote) = addressesOf(made);
        CheckExtra(id, "local", local);
        CheckExtra(id, "remote", remote!);
        return made;
    }

    private void CheckError(GoCase go, OpError? error)
    {
        // The end of the stream is no error here: a count of 0 says it.
        bool isEnd = error is null && go.Error == "EOF";
        _results[go.Id].Error(isEnd ? "EOF" : error is null ? null : Normalize(error.Message));
        if (!IsDifferent(go))
        {
            CompareError(go, error);
        }
    }

    private void CompareError(GoCase go, OpError? error)
    {
        if (go.Error is "" or "EOF")
        {
            Assert.True(error is null, $"{Title(go)}: {error?.Message}, Go: {(go.Error.Length == 0 ? "no error" : go.Error)}");
            return;
        }

        Assert.True(error is not null, $"{Title(go)}: no error, Go: {go.Error}");
        string text = Normalize(error.Message);
        Assert.True(text == go.Error, $"{Title(go)}: \"{text}\", Go: \"{go.Error}\"");
        Assert.True(error.Timeout == go.Timeout, $"{Title(go)}: Timeout is {error.Timeout}");
        Assert.True(error.Temporary == go.Temporary, $"{Title(go)}: Temporary is {error.Temporary}");
        CheckSentinels(go, error);
        Match op = OpErrorPart().Match(go.Chain);
        Match call = SystemCallPart().Match(go.Chain);
        Assert.True(error.Op == op.Groups[1].Value, $"{Title(go)}: Op is {error.Op}");
        Assert.True(error.Net == op.Groups[2].Value, $"{Title(go)}: Net is {error.Net}");
        Assert.True(
            error.SystemCall == (call.Success ? call.Groups[1].Value : null), $"{Title(go)}: SystemCall is {error.SystemCall}");
    }

    private static void CheckSentinels(GoCase go, OpError error)
    {
        foreach (string sentinel in go.Is)
        {
            bool fits = sentinel switch
            {
                // One situation with two sentinels in Go, by a race inside its dial.
                "os.ErrDeadlineExceeded" or "context.DeadlineExceeded" => error.Kind == OpErrorKind.DeadlineExceeded,
                "os.ErrNotExist" => error.Kind == OpErrorKind.SystemCall && error.Errno == Kernel.ErrnoOf("ENOENT"),
                "os.ErrPermission" => IsRefusalOfHook(error)
                    || (error.Kind == OpErrorKind.SystemCall && error.Errno == Kernel.ErrnoOf("EACCES")),
                "EPERM" => IsRefusalOfHook(error),
                "net.ErrClosed" => error.Kind == OpErrorKind.Closed,
                "context.Canceled" => error.Kind == OpErrorKind.Canceled,
                _ => error.Kind == OpErrorKind.SystemCall && error.Errno == Kernel.ErrnoOf(sentinel),
            };
            Assert.True(fits, $"{Title(go)}: kind {error.Kind}, errno {error.Errno}; Go's error is {sentinel}");
        }

        if (go.Is.Length == 0)
        {
            // A look-up that was cancelled has no sentinel in Go 1.19; here it says what ended it.
            bool canceled = error.Kind == OpErrorKind.Canceled
                && go.Error.EndsWith("operation was canceled", StringComparison.Ordinal);
            bool textual = error.Kind is OpErrorKind.Address or OpErrorKind.UnknownNetwork or OpErrorKind.Lookup;
            Assert.True(canceled || textual, $"{Title(go)}: kind {error.Kind}, Go's error has no sentinel");
        }
    }

    // Go's hooks return EPERM; here they throw what .NET makes of that number.
    private static bool IsRefusalOfHook(OpError error) =>
        error.Kind == OpErrorKind.Control && error.InnerException is UnauthorizedAccessException;

    private static string Title(GoCase go) => string.Create(CultureInfo.InvariantCulture, $"{go.Id} ({go.Did})");
}
