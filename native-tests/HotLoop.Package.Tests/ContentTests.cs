using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Xml.Linq;
using HotLoop.Package.Tests.Kit;

namespace HotLoop.Package.Tests;

/// <summary>What is in the package.</summary>
[Collection(PackageCollection.Name)]
public class ContentTests(PackedLibrary package)
{
    [MakeFact]
    public void It_says_what_it_is_and_where_it_lives()
    {
        using ZipArchive zip = package.Open("nupkg");
        XElement metadata = XDocument.Parse(Text(zip, "HotLoop.nuspec")).Root!.Elements().Single();
        Assert.Equal("HotLoop", Value("id"));
        Assert.Equal(PackedLibrary.Version, Value("version"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal(PackedLibrary.Project, Value("projectUrl"));
        Assert.Equal(PackedLibrary.Repository, metadata.Elements().Single(e => e.Name.LocalName == "repository").Attribute("url")!.Value);
        Assert.Contains("epoll", Value("tags"), StringComparison.Ordinal);
        Assert.NotNull(zip.GetEntry(Value("readme")));
        Assert.NotNull(zip.GetEntry(Value("icon")));
        Assert.NotNull(zip.GetEntry("LICENSE"));

        // What it is built with is no business of its users.
        Assert.Equal(
            ["Microsoft.Extensions.ObjectPool", "Tmds.LibC"],
            metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).Order());

        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
    }

    [MakeFact]
    public void Symbols_and_library_name_no_folder_of_the_machine_that_built_them()
    {
        using ZipArchive symbols = package.Open("snupkg");
        using ZipArchive library = package.Open("nupkg");
        byte[] root = Encoding.UTF8.GetBytes(TestKit.Repository.Root);
        Assert.Equal(-1, Bytes(symbols, "lib/net10.0/HotLoop.pdb").AsSpan().IndexOf(root));
        Assert.Equal(-1, Bytes(library, "lib/net10.0/HotLoop.dll").AsSpan().IndexOf(root));
    }

    [MakeFact]
    public void Public_members_are_documented_and_no_others()
    {
        using ZipArchive zip = package.Open("nupkg");
        string[] names = [.. XDocument.Parse(Text(zip, "lib/net10.0/HotLoop.xml")).Descendants("member").Select(m => m.Attribute("name")!.Value)];
        HashSet<string> visible = [.. VisibleNames()];
        Assert.Equal([], names.Where(n => !visible.Contains(n[2..].Split('(')[0].Split("``")[0])));

        // None too many: the compiler has seen to it that all of these have a comment.
        Assert.Equal(
            typeof(Conn).Assembly.GetExportedTypes().Select(NameOf).Order(StringComparer.Ordinal),
            names.Where(n => n.StartsWith("T:", StringComparison.Ordinal)).Select(n => n[2..]).Order(StringComparer.Ordinal));
        Assert.Contains("M:HotLoop.Conn.ReadAsync(System.Memory{System.Byte})", names);
        Assert.Contains("P:HotLoop.LoopOptions.LoopCount", names);
    }

    // The names of documentation comments, without the parameters of methods.
    private static IEnumerable<string> VisibleNames()
    {
        foreach (Type type in typeof(Conn).Assembly.GetExportedTypes())
        {
            yield return NameOf(type);
            foreach (MemberInfo member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            {
                if (IsVisible(member))
                {
                    yield return $"{NameOf(type)}.{member.Name.Replace('.', '#')}";
                }
            }
        }
    }

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static bool IsVisible(MemberInfo member) => member switch
    {
        FieldInfo f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly,
        MethodBase m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly,
        PropertyInfo p => p.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo e => IsVisible(e.AddMethod!),
        _ => false,
    };

    private static string Text(ZipArchive zip, string name) => Encoding.UTF8.GetString(Bytes(zip, name)).TrimStart('\uFEFF');

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using Stream stream = zip.GetEntry(name)!.Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
