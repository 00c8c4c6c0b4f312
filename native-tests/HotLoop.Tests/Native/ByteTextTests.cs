using System.Text;
using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Tests.Native;

public class ByteTextTests
{
    [Fact]
    public void Any_bytes_come_back()
    {
        Random random = new(1);
        byte[] back = new byte[128];
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // Text that is cut and torn: sequences that begin or end in the middle.
                byte[] text = Encoding.UTF8.GetBytes("aé€\U0001F600\udbff\udfff@\0");
                for (int j = 0; j < bytes.Length; j++)
                {
                    bytes[j] = random.Next(8) == 0 ? bytes[j] : text[(j + i) % text.Length];
                }
            }

            int length = ByteText.Encode(ByteText.Decode(bytes), back);
            Assert.Equal(bytes, back[..Math.Max(length, 0)]);
        }
    }

    // Not a theory's data: attributes cannot hold lone surrogates.
    [Fact]
    public void A_text_is_its_bytes()
    {
        (string Text, byte[] Bytes)[] pairs =
        [
            ("é€", [0xc3, 0xa9, 0xe2, 0x82, 0xac]), ("a\udcff", [0x61, 0xff]), ("\udce2\udc82", [0xe2, 0x82]), ("", []),
        ];
        byte[] written = new byte[8];
        foreach ((string text, byte[] bytes) in pairs)
        {
            Assert.Equal(bytes.Length, ByteText.Encode(text, written));
            Assert.Equal(bytes, written[..bytes.Length]);
            Assert.Equal(text, ByteText.Decode(bytes));
        }
    }

    [Fact]
    public void Text_without_bytes_or_with_too_many_is_refused()
    {
        string[] texts = ["\ud800", "\udc7f", "\udd00", "123456789", "12345678\udcff", "1234567é"];
        Assert.All(texts, t => Assert.Equal(-Errno.EINVAL, ByteText.Encode(t, new byte[8])));
    }
}
