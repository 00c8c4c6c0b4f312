using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using HotLoop.Engine.Lab;

namespace HotLoop.Engine;

/// <summary>The commands of <c>hotloop</c>. Exit codes: 0 done, 1 could not do it, 2 the command line was wrong.</summary>
internal static class CommandLine
{
    private const int ExitFailed = 1;
    private const int ExitUsage = 2;

    internal static async Task<int> RunAsync(string[] args)
    {
        // Opened now: standard error wants a descriptor of its own, and later there may be none left to report that with.
        TextWriter errors = Console.Error;

        // Not a RootCommand, which is named after the assembly instead of the executable.
        Command root = new("hotloop", "HotLoop: a Go-style network engine for .NET.")
        {
            ServerCommand.CreateEcho(),
            ServerCommand.CreateDiscard(),
            LoadCommand.Create(),
            LabCommand.Create(),
            new HelpOption { Recursive = true },
            new VersionOption(),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return ReportUsage(parsed.CommandResult.Command, ProblemsOf(parsed), errors);
        }

        try
        {
            // Signals are the commands' own business (they drain), and so are exceptions.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (OpError e)
        {
            return ReportFailure(e, errors);
        }
        catch (TypeInitializationException e) when (e.InnerException is IOException cause)
        {
            return ReportFailure(cause, errors); // the runtime's signal handling wants descriptors of its own
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or UnauthorizedAccessException)
        {
            return ReportFailure(e, errors);
        }
    }

    private static int ReportFailure(Exception e, TextWriter errors)
    {
        // The runtime says so of an assembly that is there, too, when no descriptor is left to open it with.
        bool isAssembly = e is FileNotFoundException { FileName: { } name } && name.Contains("Version=", StringComparison.Ordinal);
        errors.WriteLine(isAssembly
            ? $"hotloop: {((FileNotFoundException)e).FileName!.Split(',')[0]}.dll cannot be loaded: it is missing beside the program, or too few descriptors are allowed (ulimit -n)"
            : $"hotloop: {e.Message}");
        return ExitFailed;
    }

    /// <summary>Says what is wrong, and how the command is used.</summary>
    internal static int ReportUsage(Command command, IEnumerable<string> problems, TextWriter errors)
    {
        foreach (string problem in problems)
        {
            errors.WriteLine($"hotloop: {problem}");
        }

        bool isRoot = command.Subcommands.Count > 0;
        string name = isRoot ? "hotloop" : $"hotloop {command.Name}";
        string operands = isRoot ? "COMMAND " : string.Concat(command.Arguments.Select(a => $"[{a.HelpName}] "));
        errors.WriteLine($"usage: {name} {operands}[options]; {name} --help lists them");
        return ExitUsage;
    }

    private static IEnumerable<string> ProblemsOf(ParseResult parsed)
    {
        // A word that is not known explains the rest.
        IEnumerable<ParseError> unknown = parsed.Errors.Where(
            e => parsed.UnmatchedTokens.Any(t => e.Message.Contains($"'{t}'", StringComparison.Ordinal)));
        return unknown.DefaultIfEmpty(parsed.Errors[0]).Select(e => e.Message);
    }
}
