using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using HotLoop.Naming;

namespace HotLoop.Tests.Naming;

/// <summary>
/// Random and mutated texts, judged by the C library: what is taken for an address is the address that inet_pton(3) takes, no less and no
/// more, and what goes to a look-up as a name is no address to anybody. HOTLOOP_ADDRESS_TEXTS says how many.
/// </summary>
public sealed partial class AddressTextFuzz
{
    private const int IPv4 = 2; // AF_INET
    private const int IPv6 = 10; // AF_INET6
    private const string Letters = "0123456789abcdefABCDEF.....::::%xXg-_ \0\t+\uff11é\udc80";

    private static readonly int s_count = int.Parse(
        Environment.GetEnvironmentVariable("HOTLOOP_ADDRESS_TEXTS") ?? "200000", CultureInfo.InvariantCulture);

    private static readonly string[] s_seeds =
    [
        "127.0.0.1", "0.0.0.0", "255.255.255.255", "10.1", "0x7f.1", "0177.0.0.1", "4294967295", "::", "::1", "fe80::1%eth0",
        "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "2001:db8::ff00:42:8329", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4",
        "64:ff9b::192.0.2.33", "localhost", "a-b.example.com.", "1.2.3.4.example", "xn--nxasmq6b.0x1", "_srv._tcp.host",
    ];

    [Fact]
    public void Agrees_with_the_C_library_on_what_an_address_is()
    {
        const int Seed = 1;
        Random random = new(Seed);
        (int Addresses, int Names) taken = default;
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < s_count; i++)
        {
            string text = TextOf(random);
            if (IpLiteral.TryParse(text, out IPAddress? ip, out string? zone))
            {
                taken.Addresses++;
                string rest = zone is null ? text : text[..^(zone.Length + 1)];
                Assert.True(zone is null || (zone.Length > 0 && text[rest.Length] == '%' && rest.Contains(':')), Show(text));
                Assert.True(Library.Parse(rest, bytes, out int length), Show(text));
                Assert.True(bytes[..length].SequenceEqual(ip.GetAddressBytes()), Show(text));
                Assert.False(HostName.IsValid(text), Show(text));
                continue;
            }

            Assert.False(Library.Parse(text, bytes, out _), Show(text));
            if (HostName.IsValid(text))
            {
                taken.Names++;
                Assert.False(Library.IsLooseAddress(text) || IPAddress.TryParse(text, out _), Show(text));
            }
        }

        // The texts are worth something only if many of each kind are among them.
        Assert.True(taken.Addresses > s_count / 20 && taken.Names > s_count / 20, taken.ToString());
    }

    [Fact]
    public void Prints_what_the_C_library_prints_and_reads_it_back()
    {
        Random random = new(2);
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < s_count; i++)
        {
            for (int group = 0; group < 8; group++)
            {
                int value = random.Next(4) == 0 ? random.Next(0x10000) : random.Next(3) == 0 ? random.Next(0x20) : 0;
                bytes[2 * group] = (byte)(value >> 8);
                bytes[(2 * group) + 1] = (byte)value;
            }

            IPAddress ip = new(bytes);
            string text = IpLiteral.Format(ip);
            Assert.True(IpLiteral.TryParse(text, out IPAddress? again, out _) && ip.Equals(again), text);

            // The library shows an IPv4 address at the end of others, too.
            string expected = Library.Print(bytes);
            Assert.True(text == expected || (expected.Contains('.') && !ip.IsIPv4MappedToIPv6 && !text.Contains('.')), text);
        }
    }

    private static string TextOf(Random random)
    {
        StringBuilder text = new();
        if (random.Next(4) > 0)
        {
            text.Append(s_seeds[random.Next(s_seeds.Length)]);
        }
        else
        {
            for (int length = random.Next(24); length > 0; length--)
            {
                text.Append(Letters[random.Next(Letters.Length)]);
            }
        }

        for (int changes = random.Next(4); changes > 0; changes--)
        {
            Change(text, random);
        }

        return text.ToString();
    }

    private static void Change(StringBuilder text, Random random)
    {
        int at = random.Next(text.Length + 1);
        int length = Math.Min(random.Next(1, 4), text.Length - at);
        switch (random.Next(4))
        {
            case 0:
                text.Insert(at, Letters[random.Next(Letters.Length)]);
                break;
            case 1:
                text.Remove(at, length);
                break;
            case 2:
                text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                break;
            default:
                string seed = s_seeds[random.Next(s_seeds.Length)];
                text.Insert(at, seed[random.Next(seed.Length)..]);
                break;
        }
    }

    private static string Show(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));

    // A NUL would end the text for it; such a text is no address.
    private static partial class Library
    {
        internal static bool Parse(string text, Span<byte> bytes, out int length)
        {
            length = text.Contains(':') ? 16 : 4;
            return !text.Contains('\0') && inet_pton(length == 16 ? IPv6 : IPv4, text, ref MemoryMarshal.GetReference(bytes)) == 1;
        }

        internal static bool IsLooseAddress(string text) => inet_aton(text, out _) != 0;

        internal static string Print(ReadOnlySpan<byte> bytes)
        {
            Span<byte> text = stackalloc byte[64];
            Assert.NotEqual(0, inet_ntop(IPv6, in MemoryMarshal.GetReference(bytes), ref MemoryMarshal.GetReference(text), text.Length));
            return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
        }

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int inet_pton(int family, string text, ref byte address);

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        private static partial int inet_aton(string text, out uint address);

        [LibraryImport("libc")]
        private static partial nint inet_ntop(int family, in byte address, ref byte text, int size);
    }
}
