using HotLoop.Native;
using HotLoop.Native.Linux;

namespace HotLoop.Tests.Native;

/// <summary>What is missing is told in one sentence that says what to do; the engine's tests have the cases that a process can be put in.</summary>
public class RequirementTests
{
    [Fact]
    public void Nothing_is_missing_here() => Assert.Null(Kernel.Current.Obstacle);

    [Fact]
    public void A_C_library_that_is_not_found_is_named() =>
        Assert.Contains("the C library is missing", Requirements.Explain(new DllNotFoundException("libc.so.6")), StringComparison.Ordinal);

    [Fact]
    public void A_C_library_without_a_function_is_too_old_and_the_function_is_named()
    {
        string? sentence = Requirements.Explain(new EntryPointNotFoundException("Unable to find an entry point named 'accept4' in shared library 'libc.so.6'."));
        Assert.StartsWith("the C library is too old: ", sentence, StringComparison.Ordinal);
        Assert.Contains("'accept4'", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tmds.LibC, Version=0.5.0.0, Culture=neutral, PublicKeyToken=null")]
    [InlineData("/srv/app/Tmds.LibC.dll")]
    public void An_assembly_that_is_missing_or_of_another_processor_is_named(string name)
    {
        const string Sentence = "Tmds.LibC.dll is missing, or is not one for this processor: ";
        Assert.StartsWith(Sentence, Requirements.Explain(new FileNotFoundException("", name)), StringComparison.Ordinal);
        Assert.StartsWith(Sentence, Requirements.Explain(new BadImageFormatException("", name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_not_explained_away()
    {
        Assert.Null(Requirements.Explain(new InvalidOperationException()));
        Assert.Null(Requirements.Explain(new FileNotFoundException("", "System.Linq"))); // for want of descriptors, say
        Assert.Null(Requirements.Explain(-Errno.EMFILE));
    }
}
