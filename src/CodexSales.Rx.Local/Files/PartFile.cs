namespace CodexSales.Rx.Local.Files;

/// <summary>The incomplete data of a slot, which grows at its end and can be relied on after a crash.</summary>
/// <remarks>A loss of power may leave a file whose last bytes were never written. Each multiple of
/// <see cref="CheckpointBytes"/> is flushed before anything beyond it is written; a longer file is whole up to there,
/// and a download goes on from there.</remarks>
internal sealed class PartFile : IDisposable
{
    /// <summary>The most bytes that are written without a flush. Part of the format: never to be lowered.</summary>
    public const long CheckpointBytes = 8 << 20;

    private readonly FileStream _file;
    private readonly long _size;

    /// <summary>Opens or makes the file, less what can't be relied on. The size is that of the whole.</summary>
    public PartFile(string path, long size)
    {
        _size = size;
        _file = OwnerOnly.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        var length = _file.Length;
        Length = Math.Max(0, Math.Min(length, size) - 1) / CheckpointBytes * CheckpointBytes;
        if (Length != length)
        {
            _file.SetLength(Length);
        }
    }

    public long Length { get; private set; }

    public long Room => Math.Min(_size - Length, CheckpointBytes - (Length % CheckpointBytes));

    /// <summary>Adds bytes, at most <see cref="Room"/>, at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file.SafeFileHandle, bytes, Length);
        Length += bytes.Length;
        if (Length % CheckpointBytes == 0)
        {
            Flush();
        }
    }

    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();
}
