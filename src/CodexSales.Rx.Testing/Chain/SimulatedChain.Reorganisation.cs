namespace CodexSales.Rx.Testing.Chain;

/// <content>Blocks that are replaced by others.</content>
public sealed partial class SimulatedChain
{
    // The blocks that can still be taken back, the oldest first.
    private readonly List<LandedBlock> _landed = [];

    /// <summary>
    /// Replaces the newest blocks by others with the same numbers and times, in which their transactions happen again,
    /// later or never. Events of the old blocks are told as <see cref="Reverted"/>, newest first, then those of the new
    /// ones.
    /// </summary>
    /// <param name="depth">How many, 0 to <see cref="SimulatedChainOptions.MaxReorganisation"/>; empty ones count.</param>
    /// <param name="fateOf">Each transaction's fate, given its host (null for clients). By default all are kept.</param>
    /// <returns>How many blocks that held something were replaced.</returns>
    /// <remarks>
    /// A host hears of its transaction's outcome once: with <see cref="SimulatedMarketOptions.Confirmations"/> it hears
    /// later. A new subscriber of <see cref="Events"/> hears of the new blocks alone.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The depth is out of range.</exception>
    public int Reorganise(int depth, Func<Address?, TransactionFate>? fateOf = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, Options.MaxReorganisation);
        fateOf ??= _ => TransactionFate.Kept;
        if (depth == 0)
        {
            return 0;
        }

        var newest = _blocks.Newest;
        _hashes.Replace(newest.Number + 1 - (ulong)depth, newest.Number);
        var first = _landed.FindIndex(block => block.At.Number + (ulong)depth > newest.Number);
        if (first < 0)
        {
            TellReplaced(Math.Max(newest.Number - (ulong)depth, Options.FirstBlock));
            return 0;
        }

        var replaced = _landed[first..];
        _landed.RemoveRange(first, replaced.Count);
        (_contract, _periodEnd) = (replaced[0].Before, replaced[0].PeriodEnd);
        var added = replaced.SelectMany(block => Replace(block, fateOf)).ToList();
        AwaitEndOfPeriod(replaced[^1].At.Time);

        TellReplaced(Math.Max(newest.Number - (ulong)depth, Options.FirstBlock));
        foreach (var block in Enumerable.Reverse(replaced))
        {
            foreach (var happened in block.Events.Reverse())
            {
                _history.Revert(new Reverted(_blocks.StampOf(block.At.Number), happened));
            }
        }

        added.ForEach(_history.Publish);
        _history.Publish(new BlockTold(_blocks.Newest));
        return replaced.Count;
    }

    // The last block that stays, and the newest one again.
    private void TellReplaced(ulong last)
    {
        _heads.OnNext(_blocks.StampOf(last));
        _heads.OnNext(_blocks.Newest);
    }

    private List<MarketEvent> Replace(LandedBlock block, Func<Address?, TransactionFate> fateOf)
    {
        List<PendingTransaction> kept = [];
        List<PendingTransaction> last = [];
        foreach (var transaction in block.Transactions)
        {
            switch (fateOf(transaction.Sender))
            {
                case TransactionFate.Delayed:
                    transaction.Drop();
                    _blocks.Add(transaction, TimeSpan.Zero);
                    break;
                case TransactionFate.Lost:
                    transaction.Drop();
                    transaction.CompleteInDoubt();
                    break;
                case TransactionFate.KeptLast:
                    last.Add(transaction);
                    break;
                default:
                    kept.Add(transaction);
                    break;
            }
        }

        return Execute(_blocks.StampOf(block.At.Number), [.. kept, .. last]);
    }
}
