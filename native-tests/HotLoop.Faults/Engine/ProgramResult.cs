using System.Text.Json;
using HotLoop.TestKit.Engine;

namespace HotLoop.Faults.Engine;

/// <summary>What one of this assembly's programs says in its last line.</summary>
internal static class ProgramResult
{
    internal static async Task<T> OfAsync<T>(EngineProcess program)
    {
        int code = await program.ExitAsync();
        Assert.True(code == 0, string.Join('\n', program.Errors.SoFar));
        return JsonSerializer.Deserialize<T>(program.Output.SoFar[^1])!;
    }
}
