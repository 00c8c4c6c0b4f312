using HotLoop.Native.Linux;

namespace HotLoop.Abi;

/// <summary>One field of a structure: where it is and how wide, in bytes.</summary>
internal readonly record struct Field(string Name, long Offset, int Width);

/// <summary>
/// The structures that the library declares by hand, measured with pointers: that is the layout the kernel sees.
/// <see cref="StructureTests"/> checks that none is forgotten here.
/// </summary>
internal static unsafe class Structures
{
    internal static IReadOnlyDictionary<string, (Type Type, int Size, Field[] Fields)> All { get; } =
        new Dictionary<string, (Type, int, Field[])>
        {
            [nameof(rlimit)] = (typeof(rlimit), sizeof(rlimit), Rlimit()),
            [nameof(io_uring_buf)] = (typeof(io_uring_buf), sizeof(io_uring_buf), IoUringBuf()),
            [nameof(io_uring_buf_reg)] = (typeof(io_uring_buf_reg), sizeof(io_uring_buf_reg), IoUringBufReg()),
            [nameof(io_uring_getevents_arg)] = (typeof(io_uring_getevents_arg), sizeof(io_uring_getevents_arg), IoUringGeteventsArg()),
        };

    private static Field[] Rlimit()
    {
        rlimit s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.rlim_cur), (byte*)&s.rlim_cur - start, sizeof(ulong)),
            new(nameof(s.rlim_max), (byte*)&s.rlim_max - start, sizeof(ulong)),
        ];
    }

    private static Field[] IoUringBuf()
    {
        io_uring_buf s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.addr), (byte*)&s.addr - start, sizeof(ulong)),
            new(nameof(s.len), (byte*)&s.len - start, sizeof(uint)),
            new(nameof(s.bid), (byte*)&s.bid - start, sizeof(ushort)),
            new(nameof(s.resv), (byte*)&s.resv - start, sizeof(ushort)),
        ];
    }

    private static Field[] IoUringBufReg()
    {
        io_uring_buf_reg s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.ring_addr), (byte*)&s.ring_addr - start, sizeof(ulong)),
            new(nameof(s.ring_entries), (byte*)&s.ring_entries - start, sizeof(uint)),
            new(nameof(s.bgid), (byte*)&s.bgid - start, sizeof(ushort)),
            new(nameof(s.flags), (byte*)&s.flags - start, sizeof(ushort)),
            new(nameof(s.resv), (byte*)s.resv - start, 3 * sizeof(ulong)),
        ];
    }

    private static Field[] IoUringGeteventsArg()
    {
        io_uring_getevents_arg s;
        byte* start = (byte*)&s;
        return
        [
            new(nameof(s.sigmask), (byte*)&s.sigmask - start, sizeof(ulong)),
            new(nameof(s.sigmask_sz), (byte*)&s.sigmask_sz - start, sizeof(uint)),
            new(nameof(s.pad), (byte*)&s.pad - start, sizeof(uint)),
            new(nameof(s.ts), (byte*)&s.ts - start, sizeof(ulong)),
        ];
    }
}
