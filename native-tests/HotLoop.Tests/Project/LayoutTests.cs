using System.Text.RegularExpressions;
using HotLoop.TestKit;

namespace HotLoop.Tests.Project;

/// <summary>The folders of src/HotLoop are the architecture: each uses only those that ARCHITECTURE.md allows.</summary>
public partial class LayoutTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        [""] = ["Adapters", "Conns", "Dialing", "Import", "Packets", "Serving", "Loops", "Naming", "Sockets", "Parking", "Timers", "Buffers", "Polling", "Native"],
        ["Adapters"] = ["Naming", "Sockets", "Parking"],
        ["Conns"] = ["Naming", "Sockets", "Parking", "Buffers", "Native"],
        ["Dialing"] = ["Naming", "Sockets", "Parking", "Timers", "Native"],
        ["Import"] = ["Naming", "Sockets", "Native"],
        ["Packets"] = ["Sockets"],
        ["Serving"] = ["Loops", "Sockets", "Timers", "Native"],
        ["Loops"] = ["Sockets", "Parking", "Timers", "Buffers", "Polling", "Native"],
        ["Sockets"] = ["Naming", "Parking", "Timers", "Buffers", "Polling", "Native"],
        ["Naming"] = ["Native"],
        ["Buffers"] = ["Parking"],
        ["Parking"] = ["Timers"],
        ["Timers"] = [],
        ["Polling"] = ["Native"],
        ["Native"] = [],
    };

    // Public value types that every layer may name: they stand at the root because they are public.
    private static readonly string[] s_vocabulary =
        ["OpError", "OpErrorKind", "IoResult", "PacketResult", "ReadLease", "NetAddress", "Deadline", "BackendKind", "SocketControl"];

    [Fact]
    public void Arrows_point_one_way()
    {
        List<string> wrong = [];
        foreach ((string file, string folder, string text) in Sources())
        {
            foreach (Match use in Using().Matches(text))
            {
                string used = use.Groups[1].Value;
                if (used != folder && !s_allowed[folder].Contains(used))
                {
                    wrong.Add($"{file} uses {used}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Lower_layers_name_only_the_vocabulary_of_the_root()
    {
        string[] root = [.. Sources().Where(s => s.Folder.Length == 0).Select(s => Path.GetFileNameWithoutExtension(s.File).Split('.')[0])];
        string[] forbidden = [.. root.Except(s_vocabulary).Except(["Loop", "LoopOptions"]).Distinct()];
        List<string> wrong = [];
        foreach ((string file, string folder, string text) in Sources().Where(s => s.Folder is not ("" or "Adapters" or "Conns" or "Dialing" or "Import" or "Packets" or "Serving")))
        {
            string code = Comment().Replace(text, "");
            wrong.AddRange(forbidden.Where(type => Regex.IsMatch(code, $@"(?<!System\.)\b{type}\b(?!\()")).Select(type => $"{file} names {type}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Kernel_facilities_are_named_only_below_the_port()
    {
        string[] wrong =
        [
            .. Sources()
                .Where(s => s.Folder is not ("Polling" or "Native"))
                .Where(s => Facility().IsMatch(Comment().Replace(s.Text, "")))
                .Select(s => s.File),
        ];
        Assert.Empty(wrong.Except(["BackendKind.cs"]));
    }

    // Another system is then a folder in Native and one in Polling, and nothing else.
    [Fact]
    public void Linux_is_named_only_in_its_folders_and_by_its_pollers()
    {
        string[] homes = ["Native/Linux/", "Polling/Epoll/", "Polling/Uring/"];
        string[] wrong =
        [
            .. Sources()
                .Where(s => !homes.Any(home => s.File.StartsWith(home, StringComparison.Ordinal)))
                .Where(s => Linux().IsMatch(Comment().Replace(s.Text, "")))
                .Select(s => s.File),
        ];
        Assert.Equal(["Native/Kernel.cs"], wrong); // it chooses
    }

    [Fact]
    public void Native_calls_are_declared_only_in_Native() =>
        Assert.DoesNotContain(Sources(), s => s.Folder != "Native" && s.Text.Contains("LibraryImport", StringComparison.Ordinal));

    [Fact]
    public void Files_stay_small() =>
        Assert.DoesNotContain(Sources(), s => s.Text.Count(c => c == '\n') > 400);

    private static IEnumerable<(string File, string Folder, string Text)> Sources()
    {
        string root = Path.Combine(Repository.Root, "src", "HotLoop");
        foreach (string path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            string file = Path.GetRelativePath(root, path).Replace('\\', '/');
            string folder = file.Contains('/', StringComparison.Ordinal) ? file.Split('/')[0] : "";
            if (folder is not ("obj" or "bin"))
            {
                yield return (file, folder, File.ReadAllText(path));
            }
        }
    }

    [GeneratedRegex(@"^using HotLoop\.([A-Za-z]+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(Native\.Linux|Tmds\.Linux|Linux\.\w+|LinuxKernel|Syscall|LibC)\b")]
    private static partial Regex Linux();

    [GeneratedRegex(@"\b(epoll|Epoll|EPOLL|io_uring|Uring|kqueue|Kqueue|eventfd|EventFd)")]
    private static partial Regex Facility();
}
