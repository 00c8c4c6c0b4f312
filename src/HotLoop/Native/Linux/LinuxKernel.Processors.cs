using Tmds.Linux;

namespace HotLoop.Native.Linux;

/// <content>Threads and CPUs: sched_setaffinity(2).</content>
internal sealed unsafe partial class LinuxKernel
{
    internal override int PinThread(int cpu)
    {
        Span<ulong> mask = stackalloc ulong[16];
        mask.Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        fixed (ulong* p = mask)
        {
            return Syscall.Result(LibC.sched_setaffinity(0, mask.Length * sizeof(ulong), (cpu_set_t*)p));
        }
    }

    internal override int[] AllowedCpus()
    {
        Span<ulong> mask = stackalloc ulong[16];
        mask.Clear();
        fixed (ulong* p = mask)
        {
            if (LibC.sched_getaffinity(0, mask.Length * sizeof(ulong), (cpu_set_t*)p) < 0)
            {
                return [];
            }
        }

        List<int> cpus = [];
        for (int cpu = 0; cpu < mask.Length * 64; cpu++)
        {
            if ((mask[cpu / 64] & (1UL << (cpu % 64))) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return [.. cpus];
    }
}
