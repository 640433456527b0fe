namespace CodexSales.Rx.Local.Files;

/// <summary>The incomplete data of a slot, which grows at its end and can be relied on after a crash.</summary>
/// <remarks>
/// A loss of power may leave a file whose last bytes were never written. What was written up to a multiple of
/// <see cref="CheckpointBytes"/> is flushed to the disk before anything beyond it is written; so a file that is longer
/// than such a multiple is whole up to there, and a download goes on from there.
/// </remarks>
internal sealed class PartFile : IDisposable
{
    /// <summary>How much may be written without being flushed. Part of the format: never to be lowered.</summary>
    public const long CheckpointBytes = 8 << 20;

    private readonly FileStream _file;
    private readonly long _size;

    /// <summary>Opens the file, or makes one, and forgets of it what can't be relied on.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="size">How long it is when it is complete.</param>
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

    /// <summary>How many bytes there are.</summary>
    public long Length { get; private set; }

    /// <summary>How many bytes may be appended at once.</summary>
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

    /// <summary>Makes all that was written outlive a loss of power.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose() => _file.Dispose();
}
