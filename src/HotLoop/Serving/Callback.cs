namespace HotLoop.Serving;

/// <summary>Runs a report of the user's: an exception in it must not take a loop or an accept down, and has nobody else to go to.</summary>
internal static class Callback
{
    internal static void Run(Action report)
    {
        try
        {
            report();
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"hotloop: a callback failed: {e.GetType().Name}: {e.Message}");
        }
    }
}
