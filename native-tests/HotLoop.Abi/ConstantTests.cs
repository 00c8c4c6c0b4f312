using HotLoop.Native;

namespace HotLoop.Abi;

public class ConstantTests
{
    [Theory]
    [ProbeData(Compared.Constants, "x64")]
    [ProbeData(Compared.Constants, "arm64")]
    [MissingData(Compared.Constants, "x64")]
    [MissingData(Compared.Constants, "arm64")]
    public void A_constant_is_that_of_the_headers(string processor, string name)
    {
        Processor on = Processor.ByName(processor);
        long inC = Probe.Of(on).Numbers["constant " + name];
        if (Constants.IsByHand(name))
        {
            Assert.Equal(inC, Constants.ByHand.TryGetValue(name, out long own) ? own : Constants.OfErrno[name]);
            return;
        }

        // A flag in the highest bit is negative where the package has it as an int, and means the same.
        object value = Package.Of(on).ConstantOf(name);
        Assert.Equal(value is int ? unchecked((int)inC) : inC, Convert.ToInt64(value, null));
    }

    [HeaderFact]
    public void Every_constant_is_compared_or_named_as_missing()
    {
        Probe headers = Probe.Of(Processor.Native);
        string[] used = [.. Constants.For(Processor.Native)];
        Assert.True(used.Length > 100, "reflection found too few");
        Assert.True(Package.Constants.Count > 50, "too few are found in the library's metadata");
        Assert.All(used, name => Assert.NotEqual(headers.Missing.Contains(name), headers.Numbers.ContainsKey("constant " + name)));
    }

    [Fact]
    public void Errno_names_every_number_it_declares() =>
        Assert.All(Constants.OfErrno, constant => Assert.Equal(constant.Key, Errno.Name((int)constant.Value)));
}
