using System.CommandLine;
using System.CommandLine.Parsing;

namespace HotLoop.Engine.Lab;

/// <summary><c>hotloop lab</c>: shows on loopback how sockets behave, and compares that with Go.</summary>
internal static class LabCommand
{
    private const string All = "all";

    // The longest experiment takes less than three seconds.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    internal static Command Create()
    {
        Argument<string?> name = new("experiment")
        {
            Description = $"Its name, or {All}. Without one they are listed.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "EXPERIMENT",
        };
        name.Validators.Add(RefuseUnknown);
        Command command = new("lab", "Show how sockets behave, and compare with Go.") { name };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(name)));
        return command;
    }

    private static async Task<int> RunAsync(string? name)
    {
        if (name is null)
        {
            Console.WriteLine(List());
            return 0;
        }

        // A machine on which no loop can be started is an error, not a difference in every experiment.
        _ = LoopGroup.Default.Backend;
        Runner runner = new(Console.Out, s_limit);
        if (name == All)
        {
            return await runner.RunAllAsync(Catalog.Experiments) ? 0 : 1;
        }

        return await runner.RunAsync(Catalog.Find(name)!) ? 0 : 1;
    }

    private static void RefuseUnknown(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (name != All && Catalog.Find(name) is null)
        {
            result.AddError($"lab has no experiment '{name}'; it has\n{List()}");
        }
    }

    private static string List()
    {
        IEnumerable<string> lines = Catalog.Experiments.Select(e => Line(e.Name, e.Shows));
        return string.Join('\n', lines.Append(Line(All, "every one of these, in this order")));
    }

    private static string Line(string name, string shows) => $"  {name,-20}{shows}";
}
