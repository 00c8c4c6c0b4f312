namespace HotLoop.Conformance;

/// <content>Calls that give their result later.</content>
public sealed partial class Scenario
{
    /// <summary>A call that throws later, or not.</summary>
    public static async Task<OpError?> ErrorOf(Task call)
    {
        try
        {
            await call;
            return null;
        }
        catch (OpError e)
        {
            return e;
        }
    }

    /// <summary>A copy, or a write of several buffers.</summary>
    public void Check(string id, CopyResult result, Counts counts = Counts.Exact) =>
        Check(id, new IoResult(checked((int)result.Count), result.Error), counts);
}
