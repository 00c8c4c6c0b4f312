namespace HotLoop.TestKit;

/// <summary>
/// A directory that is gone with all that is in it when the test has ended. Its path is short: that of a Unix socket has at most 107 bytes.
/// </summary>
public sealed class TemporaryDirectory : IDisposable
{
    public TemporaryDirectory()
    {
        Name = $"hl{Guid.NewGuid():n}"[..12];
        FullPath = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), Name)).FullName;
    }

    /// <summary>No other directory's: to make other names unique too.</summary>
    public string Name { get; }

    public string FullPath { get; }

    public string File(string name) => Path.Combine(FullPath, name);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
