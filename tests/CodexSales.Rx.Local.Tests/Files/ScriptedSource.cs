namespace CodexSales.Rx.Local.Tests.Files;

/// <summary>A source that a test scripts; by default it gives some bytes, from wherever it is asked.</summary>
internal sealed class ScriptedSource(byte[] bytes) : ISlotSource
{
    private readonly Lock _gate = new();
    private readonly List<ulong> _offsets = [];

    public Func<ulong, CancellationToken, Task<Stream>>? OnOpen { get; set; }

    /// <summary>From where it was asked, each time.</summary>
    public IReadOnlyList<ulong> Offsets
    {
        get
        {
            lock (_gate)
            {
                return [.. _offsets];
            }
        }
    }

    public Task<Stream> OpenAsync(SlotDownload download, ulong offset, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _offsets.Add(offset);
        }

        return OnOpen?.Invoke(offset, cancellation) ?? Task.FromResult<Stream>(From(offset));
    }

    public MemoryStream From(ulong offset) => new(bytes, (int)offset, bytes.Length - (int)offset);
}
