using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Tmds.Linux;

namespace HotLoop.Abi;

/// <summary>
/// What the library uses of the package Tmds.LibC, which has an assembly for each processor: constants and structures, as that assembly has them. Which these
/// are is read from the library's own metadata, so that none is forgotten.
/// </summary>
internal sealed class Package
{
    private static readonly Package s_native = new(typeof(LibC).Assembly);
    private static readonly Lazy<Package> s_other = new(() => new Package(LoadOther()));

    // Fields that are the package's own: padding, alignment, and what the headers call reserved in some version.
    private static readonly string[] s_own = ["__align", "__ss_align", "__ss_size", "__data", "__value", "__pad2", "resv", "resv1", "resv2"];

    private readonly Assembly _assembly;

    private Package(Assembly assembly) => _assembly = assembly;

    /// <summary>Names of constants.</summary>
    internal static IReadOnlyList<string> Constants { get; }

    /// <summary>Names of structures with fields.</summary>
    internal static IReadOnlyList<string> Structures { get; }

    /// <summary>Names of types that stand for a number, such as size_t, or are opaque.</summary>
    internal static IReadOnlyList<string> Types { get; }

    static Package()
    {
        using PEReader reader = new(File.OpenRead(typeof(Conn).Assembly.Location));
        MetadataReader metadata = reader.GetMetadataReader();
        string[] types =
        [
            .. metadata.TypeReferences.Select(metadata.GetTypeReference)
                .Where(type => metadata.GetString(type.Namespace) == "Tmds.Linux")
                .Select(type => metadata.GetString(type.Name))
                .Order(),
        ];
        Constants =
        [
            .. metadata.MemberReferences.Select(metadata.GetMemberReference)
                .Where(member => member.Parent.Kind == HandleKind.TypeReference
                    && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) == nameof(LibC))
                .Select(member => metadata.GetString(member.Name))
                .Where(name => name.StartsWith("get_", StringComparison.Ordinal) && name != "get_errno")
                .Select(name => name["get_".Length..])
                .Order(),
        ];
        Structures = [.. types.Where(type => type != nameof(LibC) && s_native.FieldsOf(type).Length != 0 && type != nameof(epoll_data_t))];
        Types = [.. types.Except(Structures).Except([nameof(LibC), nameof(sockaddr)])];
    }

    internal static Package Of(Processor processor) => processor == Processor.Native ? s_native : s_other.Value;

    /// <summary>The constant's value, as wide and signed as the package has it.</summary>
    internal object ConstantOf(string name)
    {
        object value = TypeOf(nameof(LibC)).GetProperty(name)!.GetValue(null)!;

        // sa_family_t, a structure around a number.
        return value.GetType().IsPrimitive ? value : value.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Single().GetValue(value)!;
    }

    internal int SizeOf(string type) => SizeOf(TypeOf(type));

    /// <summary>Where each field is and how wide, in bytes, under its name in C.</summary>
    internal Field[] FieldsOf(string type) =>
    [
        .. TypeOf(type).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => !s_own.Contains(field.Name))
            .Select(field => new Field(
                NameInC(field.Name),
                Marshal.OffsetOf(TypeOf(type), field.Name),
                SizeOf(field.FieldType))),
    ];

    // As "sizeof" has it.
    private static int SizeOf(Type type) =>
        type.IsPointer ? nint.Size : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private Type TypeOf(string name) => _assembly.GetType("Tmds.Linux." + name, throwOnError: true)!;

    // "<sin_port>k__BackingField", "__sin_zero".
    private static string NameInC(string field) =>
        field.StartsWith('<') ? field[1..field.IndexOf('>', StringComparison.Ordinal)] : field.TrimStart('_');

    private static Assembly LoadOther() => new AssemblyLoadContext("another processor").LoadFromAssemblyPath(Path.Combine(
        AppContext.BaseDirectory, "runtimes", Processor.Native == Processor.X64 ? "linux-arm64" : "linux-x64", "lib", "netstandard2.0", "Tmds.LibC.dll"));
}
