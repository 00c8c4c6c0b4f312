using System.Reflection;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Abi;

public class StructureTests
{
    public static TheoryData<string> Names => [.. Structures.All.Keys];

    [HeaderTheory]
    [StructureData]
    [MissingStructureData]
    public void A_structure_is_as_large_as_in_C(string name) =>
        Assert.Equal(Probe.Answers.Numbers["sizeof struct " + name], Structures.All[name].Size);

    [HeaderTheory]
    [StructureData(fields: true)]
    [MissingStructureData(fields: true)]
    public void A_field_is_where_C_has_it_and_as_wide(string structure, string name)
    {
        Field field = Structures.All[structure].Fields.Single(f => f.Name == name);
        Assert.Equal(
            (Probe.Answers.Numbers[$"offset {structure}.{name}"], Probe.Answers.Numbers[$"width {structure}.{name}"]),
            (field.Offset, field.Width));
    }

    [HeaderFact]
    public void An_epoll_event_is_read_where_C_has_it()
    {
        IReadOnlyDictionary<string, long> headers = Probe.Answers.Numbers;
        Assert.Equal(headers["sizeof struct epoll_event"], epoll_event.Size);
        Assert.Equal(headers["offset epoll_event.data"], epoll_event.DataOffset);
        Assert.Equal((0L, (long)sizeof(uint)), (headers["offset epoll_event.events"], headers["width epoll_event.events"]));
        Assert.Equal(sizeof(ulong), headers["width epoll_event.data"]);
    }

    [HeaderFact]
    public unsafe void A_part_of_memory_is_an_iovec()
    {
        IReadOnlyDictionary<string, long> headers = Probe.Answers.Numbers;
        MemoryPart part;
        Assert.Equal(headers["sizeof struct iovec"], sizeof(MemoryPart));
        Assert.Equal(headers["offset iovec.iov_base"], (byte*)&part.Start - (byte*)&part);
        Assert.Equal(headers["offset iovec.iov_len"], (byte*)&part.Length - (byte*)&part);
    }

    [HeaderFact]
    public unsafe void Types_in_signatures_are_as_wide_as_in_C()
    {
        IReadOnlyDictionary<string, long> headers = Probe.Answers.Numbers;
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
            .. typeof(LibC).Assembly.GetTypes()
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
