using HotLoop.Native;
using HotLoop.TestKit;

namespace HotLoop.Tests.Native;

public class UnlinkTests
{
    [Fact]
    public void A_path_with_NUL_is_no_file()
    {
        using TemporaryDirectory directory = new();
        string file = directory.File("a");
        File.WriteAllBytes(file, []);
        Assert.Equal(-Errno.EINVAL, Kernel.Current.Unlink(file + "\0b"));
        Assert.True(File.Exists(file));
        Assert.Equal(0, Kernel.Current.Unlink(file));
        Assert.False(File.Exists(file));
    }
}
