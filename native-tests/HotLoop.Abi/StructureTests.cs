using System.Reflection;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Abi;

public class StructureTests
{
    public static TheoryData<string> Names => [.. Structures.All.Keys];

    [Theory]
    [ProbeData(Compared.Sizes, "x64")]
    [ProbeData(Compared.Sizes, "arm64")]
    [MissingData(Compared.Sizes, "x64")]
    [MissingData(Compared.Sizes, "arm64")]
    public void A_structure_is_as_large_as_in_C(string processor, string name)
    {
        Processor on = Processor.ByName(processor);
        int size = Structures.All.TryGetValue(name, out var own) ? own.Size : Package.Of(on).SizeOf(name);
        Assert.Equal(Probe.Of(on).Numbers["sizeof " + name], size);
    }

    [Theory]
    [ProbeData(Compared.Fields, "x64")]
    [ProbeData(Compared.Fields, "arm64")]
    [MissingData(Compared.Fields, "x64")]
    [MissingData(Compared.Fields, "arm64")]
    public void A_field_is_where_C_has_it_and_as_wide(string processor, string structure, string name)
    {
        Processor on = Processor.ByName(processor);
        Field field = (Structures.All.TryGetValue(structure, out var own) ? own.Fields : Package.Of(on).FieldsOf(structure)).Single(f => f.Name == name);
        Assert.Equal(
            (Probe.Of(on).Numbers[$"offset {structure}.{name}"], Probe.Of(on).Numbers[$"width {structure}.{name}"]),
            (field.Offset, field.Width));
    }

    // The kernel packs it on x64 only; the package has a structure for each.
    [Fact]
    public void An_epoll_event_is_packed_where_the_kernel_packs_it()
    {
        Assert.Equal(12, Package.Of(Processor.X64).SizeOf(nameof(Tmds.Linux.epoll_event)));
        Assert.Equal(16, Package.Of(Processor.Arm64).SizeOf(nameof(Tmds.Linux.epoll_event)));
    }

    [HeaderFact]
    public unsafe void A_part_of_memory_is_an_iovec()
    {
        IReadOnlyDictionary<string, long> headers = Probe.Of(Processor.Native).Numbers;
        MemoryPart part;
        Assert.Equal(headers["sizeof iovec"], sizeof(MemoryPart));
        Assert.Equal(headers["offset iovec.iov_base"], (byte*)&part.Start - (byte*)&part);
        Assert.Equal(headers["offset iovec.iov_len"], (byte*)&part.Length - (byte*)&part);
    }

    [HeaderFact]
    public unsafe void Types_in_signatures_are_as_wide_as_in_C()
    {
        IReadOnlyDictionary<string, long> headers = Probe.Of(Processor.Native).Numbers;
        Assert.Equal(sizeof(int), headers["sizeof int"]);
        Assert.Equal(sizeof(uint), headers["sizeof unsigned int"]);
        Assert.Equal(sizeof(uint), headers["sizeof socklen_t"]);
        Assert.Equal(sizeof(nuint), headers["sizeof size_t"]);
        Assert.Equal(sizeof(nint), headers["sizeof ssize_t"]);
        Assert.Equal(sizeof(int), headers["sizeof pid_t"]);
    }

    [Fact]
    public void No_structure_is_forgotten()
    {
        string[] declared =
        [
            .. typeof(ByHand).Assembly.GetTypes()
                .Where(type => type is { IsValueType: true, IsNested: false, Namespace: "HotLoop.Native.Linux" })
                .Select(type => type.Name),
        ];
        Assert.Equal(declared.Order(), Structures.All.Keys.Order());
    }

    // A private field is padding of ours, which the headers do not have.
    [Theory]
    [MemberData(nameof(Names))]
    public void No_field_is_forgotten(string name) => Assert.Equal(
        Structures.All[name].Type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => !field.IsPrivate)
            .Select(field => field.Name),
        Structures.All[name].Fields.Select(field => field.Name));
}
