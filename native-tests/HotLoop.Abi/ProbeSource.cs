using System.Text;

namespace HotLoop.Abi;

/// <summary>Writes <c>names.h</c>, the list of what <c>probe.c</c> prints.</summary>
internal static class ProbeSource
{
    /// <summary>Types that the signatures in ByHand spell as C# types.</summary>
    internal static readonly string[] Types = ["int", "socklen_t", "size_t", "ssize_t", "pid_t", "unsigned int"];

    // Numbers of system calls differ by processor: SYS_read_x64 here is SYS_read there, where the processor is that one.
    private static readonly Processor[] s_processors = [Processor.X64, Processor.Arm64];

    // Types of the package whose name in C is another.
    private static readonly Dictionary<string, string> s_typesInC = new() { ["long_t"] = "long", ["ulong_t"] = "unsigned long", ["syscall_arg"] = "long" };

    // Fields whose name depends on the version of the headers: probe.c defines which it is.
    private static readonly Dictionary<(string Structure, string Field), string> s_renamed = new()
    {
        [("io_uring_buf_reg", "flags")] = "BUF_REG_FLAGS",
        [("io_uring_getevents_arg", "pad")] = "GETEVENTS_PAD",
    };

    internal static string Names()
    {
        StringBuilder text = new();
        foreach (string name in Constants.ByHand.Keys.Concat(Constants.OfErrno.Keys).Concat(Package.Constants))
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
            text.Append($"SIZE({type}, {type})\n");
        }

        foreach (string type in Package.Types.Except(Types))
        {
            text.Append($"SIZE({type}, {s_typesInC.GetValueOrDefault(type, type)})\n");
        }

        foreach (string name in Package.Structures)
        {
            Append(text, name, Package.Of(Processor.Native).FieldsOf(name));
        }

        foreach ((string name, var structure) in Structures.All)
        {
            Append(text, name, structure.Fields);
        }

        return text.ToString();
    }

    /// <summary>Of a constant that differs by processor; null of others.</summary>
    internal static Processor? ProcessorOf(string constant) =>
        s_processors.FirstOrDefault(processor => constant.StartsWith("SYS_", StringComparison.Ordinal) && constant.EndsWith("_" + processor.Name, StringComparison.Ordinal));

    private static void Append(StringBuilder text, string name, IEnumerable<Field> fields)
    {
        // Structures that are in Linux itself, not in the C library, are there from some version on.
        bool isNew = name.StartsWith("io_", StringComparison.Ordinal);
        text.Append(isNew ? $"#ifndef HAS_IO_URING\nMISSING({name})\n#else\n" : "").Append($"SIZE({name}, struct {name})\n");
        foreach (Field field in fields)
        {
            text.Append($"FIELD({name}, {field.Name}, {s_renamed.GetValueOrDefault((name, field.Name), field.Name)})\n");
        }

        text.Append(isNew ? "#endif\n" : "");
    }

    // Names that are enumerators in the headers are macros of the same name too, so that programs can ask with "defined".
    private static (string Name, string Condition) InC(string name)
    {
        if (ProcessorOf(name) is { } processor)
        {
            string plain = name[..^(processor.Name.Length + 1)];
            return (plain, $"defined({processor.Macro}) && defined({plain})");
        }

        return (name, $"defined({name})");
    }
}
