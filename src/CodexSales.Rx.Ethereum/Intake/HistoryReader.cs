namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// Reads a long row of blocks below the newest ones, several ranges at once, and hands their events on in order.
/// </summary>
/// <remarks>
/// Bounded: no more ranges are read than may be in flight, and the next one begins only when the first of them was
/// handed on.
/// </remarks>
internal sealed class HistoryReader(LogReader logs, int rangesInFlight, CancellationToken cancellation)
{
    /// <param name="from">The first block.</param>
    /// <param name="to">The last one.</param>
    /// <param name="take">Takes each range, in order.</param>
    public async Task ReadAsync(ulong from, ulong to, Func<BlockRange, Task> take)
    {
        // What was read ahead is given up when it can't be handed on.
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var end = Disposable.Create(reading.Cancel);
        await ReadAsync(from, to, take, reading.Token).ConfigureAwait(false);
    }

    private async Task ReadAsync(
        ulong next, ulong to, Func<BlockRange, Task> take, CancellationToken reading)
    {
        Queue<Task<BlockRange>> ranges = [];
        while (true)
        {
            while (ranges.Count < rangesInFlight && next <= to)
            {
                var end = Math.Min(to, next + logs.BlocksPerRange - 1);
                ranges.Enqueue(logs.ReadRangeAsync(next, end, reading));
                next = end + 1;
            }

            if (!ranges.TryDequeue(out var first))
            {
                return;
            }

            await take(await first.ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
