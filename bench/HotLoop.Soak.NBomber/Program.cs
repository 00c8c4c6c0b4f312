// The scenarios of the soak on NBomber. Usage: HotLoop.Soak.NBomber SECONDS [ENGINE]
// Exit codes are those of the built-in runner: 0 good, 1 failed, 2 the command line was wrong.
//
// This has not been run against the real package, which could not be restored where it was written: it was compiled against
// a stand-in with the documented interface.

using System.ComponentModel;
using System.Globalization;
using HotLoop.Soak.NBomber;

if (args is not ([_] or [_, _])
    || !double.TryParse(args[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
    || seconds < 1)
{
    Console.Error.WriteLine("usage: HotLoop.Soak.NBomber SECONDS [ENGINE]; at least 1 second");
    return 2;
}

try
{
    return await BomberRun.RunAsync(args is [_, var engine] ? engine : "out/hotloop", TimeSpan.FromSeconds(seconds)) ? 0 : 1;
}
catch (Exception e) when (e is IOException or Win32Exception)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
