using HotLoop.Native;

namespace HotLoop.Abi;

public class ConstantTests
{
    [HeaderTheory]
    [ConstantData("LibC")]
    [MissingConstantData("LibC")]
    public void A_constant_of_LibC_is_that_of_the_headers(string name, long value) =>
        Assert.Equal(Probe.Answers.Numbers["constant " + name], value);

    [HeaderTheory]
    [ConstantData("Errno")]
    [MissingConstantData("Errno")]
    public void An_errno_is_that_of_the_headers(string name, long value) =>
        Assert.Equal(Probe.Answers.Numbers["constant " + name], value);

    [HeaderFact]
    public void Every_constant_is_compared_or_named_as_missing()
    {
        string[] declared = [.. Constants.OfLibC.Keys, .. Constants.OfErrno.Keys];
        Assert.True(declared.Length > 60, "reflection found too few");
        Assert.All(
            declared,
            name => Assert.NotEqual(Probe.Answers.Missing.Contains(name), Probe.Answers.Numbers.ContainsKey("constant " + name)));
    }

    [Fact]
    public void Errno_names_every_number_it_declares() =>
        Assert.All(Constants.OfErrno, constant => Assert.Equal(constant.Key, Errno.Name((int)constant.Value)));
}
