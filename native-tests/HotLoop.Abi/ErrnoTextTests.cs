using HotLoop.Native;

namespace HotLoop.Abi;

/// <summary>Go prints the C library's texts in lower case; nothing here differs from them on purpose.</summary>
public class ErrnoTextTests
{
    [HeaderTheory]
    [ErrnoTextData]
    public void A_text_is_the_C_librarys_with_a_small_first_letter(string name, long number)
    {
        string text = Probe.Of(Processor.Native).Texts[number];
        Assert.Equal($"{name}: {char.ToLowerInvariant(text[0])}{text[1..]}", $"{name}: {Errno.Text((int)number)}");
    }

    // 41 and 58 are not used.
    [Fact]
    public void Every_number_of_the_kernel_has_a_text()
    {
        Assert.Equal("protocol error", Errno.Text(71));
        Assert.DoesNotContain(Enumerable.Range(1, 133).Except([41, 58]), number => Errno.Text(number).StartsWith("errno", StringComparison.Ordinal));
    }

    [Fact]
    public void A_number_without_a_text_is_shown_as_Go_shows_it() => Assert.Equal("errno 4711", Errno.Text(4711));
}
