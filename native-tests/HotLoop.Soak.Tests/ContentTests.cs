using HotLoop.Soak.Scenarios;

namespace HotLoop.Soak.Tests;

public class ContentTests
{
    private const int Bytes = 5000;

    private readonly Content _content = new(seed: 42);

    [Fact]
    public void Any_part_of_it_is_the_same_as_in_the_whole()
    {
        byte[] whole = new byte[Bytes];
        _content.Fill(whole, 0);
        for (int from = 0; from < 20; from++)
        {
            for (int count = 0; count < 40; count++)
            {
                byte[] part = new byte[count];
                _content.Fill(part, from);
                Assert.Equal(whole.AsSpan(from, count).ToArray(), part);
            }
        }

        _content.Check(whole, 0);
        _content.Check(whole.AsSpan(1234), 1234);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(Bytes - 1)]
    public void One_changed_bit_is_found_where_it_is(int place)
    {
        byte[] whole = new byte[Bytes];
        _content.Fill(whole, 100);
        whole[place] ^= 1;
        ScenarioException e = Assert.Throws<ScenarioException>(() => _content.Check(whole, 100));
        Assert.Equal(FailureKind.WrongByte, e.Kind);
        Assert.StartsWith($"wrong byte at {100 + place} of the stream", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_place_or_another_seed_is_other_content()
    {
        byte[] whole = new byte[Bytes];
        _content.Fill(whole, 0);
        Assert.Throws<ScenarioException>(() => _content.Check(whole, 8));
        Assert.Throws<ScenarioException>(() => new Content(seed: 43).Check(whole, 0));
    }
}
