using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Files;

/// <summary>What is stored is for its owner only: what clients pay for may be what others should not read.</summary>
public sealed class OwnFilesTests : IDisposable
{
    private const UnixFileMode OfFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nobody_else_may_read_what_is_downloaded_nor_what_is_stored()
    {
        Needs.Unix("permissions of files");
        var source = new ScriptedSource(Bytes(10));
        source.OnOpen = (offset, _) => Task.FromResult<Stream>(
            new BrokenStream(source.From(offset), 5, BrokenStream.Breaks));
        using var storage = new FileSlotStorage(
            source, new FileSlotStorageOptions { Directory = _folder["slots"], QuotaBytes = 10 });

        await storage.Store(Download(10)).RecordAsync();
        var (part, partModes) = (Kinds(), Modes());
        source.OnOpen = null;
        await storage.Store(Download(10));

        Assert.Equal([".lock", ".part", ".until"], part);
        Assert.Equal([".data", ".lock", ".until"], Kinds());
        Assert.All([.. partModes, .. Modes()], mode => Assert.Equal(OfFiles, mode));
        Assert.Equal(OfFiles | UnixFileMode.UserExecute, ModeOf(_folder["slots"]));
    }

    private List<string> Files =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)];

    private List<string> Kinds() => [.. Files.Select(Path.GetExtension).OfType<string>().Order()];

    private List<UnixFileMode> Modes() => [.. Files.Select(ModeOf)];

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
}
