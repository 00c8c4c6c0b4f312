using System.Text;

namespace HotLoop.Abi;

/// <summary>Writes <c>names.h</c>, the list of what <c>probe.c</c> prints.</summary>
internal static class ProbeSource
{
    /// <summary>Types that the signatures in LibC spell as C# types.</summary>
    internal static readonly string[] Types = ["int", "socklen_t", "size_t", "ssize_t", "pid_t", "unsigned int"];

    // Numbers of system calls differ by processor: SYS_read_x64 here is SYS_read there, where the processor is that one.
    private static readonly (string Suffix, string Macro)[] s_processors = [("_x64", "__x86_64__"), ("_arm64", "__aarch64__")];

    // Fields whose name depends on the version of the headers: probe.c defines which it is.
    private static readonly Dictionary<(string Structure, string Field), string> s_renamed = new()
    {
        [("io_sqring_offsets", "user_addr")] = "OFFSETS_USER_ADDR",
        [("io_cqring_offsets", "user_addr")] = "OFFSETS_USER_ADDR",
        [("io_uring_buf_reg", "flags")] = "BUF_REG_FLAGS",
        [("io_uring_getevents_arg", "pad")] = "GETEVENTS_PAD",
    };

    internal static string Names()
    {
        StringBuilder text = new();
        foreach (string name in Constants.OfLibC.Keys.Concat(Constants.OfErrno.Keys))
        {
            (string inC, string condition) = InC(name);
            text.Append($"#if {condition}\nCONSTANT({name}, {inC})\n#else\nMISSING({name})\n#endif\n");
        }

        foreach (long number in Constants.OfErrno.Values)
        {
            text.Append($"TEXT({number})\n");
        }

        foreach (string type in Types)
        {
            text.Append($"SIZE({type})\n");
        }

        foreach ((string name, var structure) in Structures.All)
        {
            // Structures that are in Linux itself, not in the C library, are there from some version on.
            bool isNew = name.StartsWith("io_", StringComparison.Ordinal);
            text.Append(isNew ? $"#ifndef HAS_IO_URING\nMISSING({name})\n#else\n" : "").Append($"SIZE(struct {name})\n");
            foreach (Field field in structure.Fields)
            {
                text.Append($"FIELD({name}, {field.Name}, {s_renamed.GetValueOrDefault((name, field.Name), field.Name)})\n");
            }

            text.Append(isNew ? "#endif\n" : "");
        }

        return text.Append("SIZE(struct epoll_event)\nFIELD(epoll_event, events, events)\nFIELD(epoll_event, data, data)\n").ToString();
    }

    // Names that are enumerators in the headers are macros of the same name too, so that programs can ask with "defined".
    private static (string Name, string Condition) InC(string name)
    {
        foreach ((string suffix, string macro) in s_processors)
        {
            if (name.StartsWith("SYS_", StringComparison.Ordinal) && name.EndsWith(suffix, StringComparison.Ordinal))
            {
                string plain = name[..^suffix.Length];
                return (plain, $"defined({macro}) && defined({plain})");
            }
        }

        return (name, $"defined({name})");
    }
}
