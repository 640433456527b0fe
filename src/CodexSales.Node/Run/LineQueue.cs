using System.Threading.Channels;

namespace CodexSales.Node.Run;

/// <summary>Lines on their way to the output, which may be slow, full or gone: the caller, on any thread, never waits.</summary>
/// <remarks>A line that can't be written, or would wait behind too many, is dropped and counted; the next one that is
/// written says how many.</remarks>
internal sealed class LineQueue : IAsyncDisposable
{
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(MostWaiting);
    private readonly Task _writing;
    private long _dropped;

    public LineQueue(TextWriter output) => _writing = Task.Run(() => WriteAsync(output));

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(string line)
    {
        if (!_lines.Writer.TryWrite(line))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Waits until what was said is written, but not for an output that takes nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(LongestGoodbye).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // An output that takes nothing must not keep the program from ending; the lines that wait for it are lost.
        }
    }

    private async Task WriteAsync(TextWriter output)
    {
        var told = 0L;
        await foreach (var line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            var dropped = Dropped;
            if (TryWrite(output, dropped > told ? $"{line}\n({dropped - told} lines before this one could not be written.)" : line))
            {
                told = dropped;
            }
        }
    }

    private bool TryWrite(TextWriter output, string line)
    {
        try
        {
            output.WriteLine(line);
            output.Flush();
            return true;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _dropped);
            return false;
        }
    }
}
