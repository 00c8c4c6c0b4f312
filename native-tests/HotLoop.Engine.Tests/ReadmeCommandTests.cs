using System.Text.RegularExpressions;
using HotLoop.TestKit;
using HotLoop.TestKit.Engine;

namespace HotLoop.Engine.Tests;

/// <summary>Runs what README.md says to run: each line that starts the binary.</summary>
public partial class ReadmeCommandTests
{
    public static TheoryData<string> Commands
    {
        get
        {
            string readme = System.IO.File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
            return [.. Command().Matches(readme).Select(m => m.Groups[1].Value.Split('#')[0].Trim())];
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_of_the_README_works(string arguments)
    {
        if (arguments.StartsWith("load ", StringComparison.Ordinal))
        {
            await AssertLoadsAsync(arguments);
            return;
        }

        // The port of the text may be taken here.
        string[] words = ListenPort().Replace(arguments, "127.0.0.1:0").Split(' ');
        await using EngineProcess engine = EngineProcess.Start(words);
        if (words[0] == "echo")
        {
            await engine.WaitReadyAsync();
            using Client client = await Client.ConnectAsync(engine.EndPoint);
            await client.EchoAsync(1);
            engine.Send(Signal.Terminate);
        }
        else if (words[0] == "discard")
        {
            await engine.WaitReadyAsync();
            using Client client = await Client.ConnectAsync(engine.EndPoint);
            await client.SendAsync(new byte[1]);
            engine.Send(Signal.Terminate);
        }
        else
        {
            await engine.Output.FindAsync(line => line.Contains(" experiments: ", StringComparison.Ordinal));
        }

        Assert.Equal(0, await engine.ExitAsync());
    }

    // Against a server that is there, and for less time than the text says.
    private static async Task AssertLoadsAsync(string arguments)
    {
        using TemporaryDirectory directory = new();
        await using EngineProcess server = await EngineProcess.EchoAsync();
        string command = ListenPort().Replace(arguments, server.EndPoint.ToString());
        command = File().Replace(Duration().Replace(command, ""), directory.File("$0")) + " --duration 500ms";
        await using EngineProcess load = EngineProcess.Start([.. command.Split(' ').Select(w => w.Trim('\''))]); // as a shell would
        Assert.Equal(0, await load.ExitAsync());
        Assert.Contains(await load.Output.ToEndAsync(), l => l == "errors      0");
    }

    [GeneratedRegex("^    out/hotloop (.*)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex ListenPort();

    [GeneratedRegex(@" --duration \w+")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\w+\.html")]
    private static partial Regex File();
}
