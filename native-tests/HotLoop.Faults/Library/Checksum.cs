using System.Numerics;
using System.Runtime.InteropServices;

namespace HotLoop.Faults.Library;

/// <summary>CRC-32C.</summary>
internal static class Checksum
{
    internal static uint Of(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (byte rest in data[(data.Length / sizeof(ulong) * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }
}
