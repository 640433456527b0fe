namespace CodexSales.Rx.Local.Tests.Files;

/// <summary>Gives some bytes; what it does then, a test says.</summary>
internal sealed class BrokenStream(Stream inner, long good, Func<CancellationToken, ValueTask<int>> then) : Stream
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _read;

    /// <summary>Completes when it is disposed of.</summary>
    public Task Disposed => _disposed.Task;

    /// <summary>Which thread disposed of it.</summary>
    public int? DisposingThread { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static ValueTask<int> Breaks(CancellationToken cancellation) => throw new IOException("The line is dead.");

    /// <summary>Neither reads on, nor obeys its token.</summary>
    public static ValueTask<int> Hangs(CancellationToken cancellation) => new(new TaskCompletionSource<int>().Task);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, good - _read);
        if (wanted == 0)
        {
            return await then(cancellationToken);
        }

        var read = await inner.ReadAsync(buffer[..wanted], cancellationToken);
        _read += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        DisposingThread ??= Environment.CurrentManagedThreadId;
        _disposed.TrySetResult();
        base.Dispose(disposing);
    }
}
