namespace CodexSales.Rx.Testing.Chain;

/// <content>Blocks as they land, and validators at the end of each period.</content>
public sealed partial class SimulatedChain
{
    // The period of the block that was told last.
    private ulong _periodTold;

    // The end of the period at whose proofs validators look next.
    private UnixSeconds? _periodEnd;

    private void Land(BlockStamp at, ComingBlock block)
    {
        // The whole block is done before anybody is told of it.
        var events = Execute(at, block.Transactions);
        AwaitEndOfPeriod(at.Time);
        if (!_heads.IsDisposed && (!_blocks.IsRecord || PeriodOf(at) != _periodTold))
        {
            TellHead(at);
        }

        events.ForEach(_history.Publish);
        _history.Publish(new BlockTold(at));
        foreach (var transaction in block.Transactions)
        {
            Confirm(transaction);
        }

        foreach (var (transaction, number) in block.Confirmed)
        {
            if (transaction.Block?.Number == number)
            {
                transaction.Complete();
            }
        }
    }

    // Telling a block of a record twice looks like a reorganisation to the pipeline. It is done only once in a period without blocks.
    private void TellHead(BlockStamp head)
    {
        _periodTold = PeriodOf(head);
        _heads.OnNext(head);
    }

    private ulong PeriodOf(BlockStamp block) => block.Time.Value / Options.Rules.ProofPeriodSeconds;

    private List<MarketEvent> Execute(BlockStamp at, List<PendingTransaction> transactions)
    {
        List<MarketEvent> events = [];
        if (transactions.Count == 0 && !(at.Time > _periodEnd))
        {
            return events;
        }

        var kept = Math.Max(Options.MaxReorganisation, Options.MaxBlocksBehind);
        var (before, periodEnd) = (kept > 0 ? _contract.Copy() : null, _periodEnd);
        MarkMissingProofs(at, events);
        foreach (var transaction in transactions)
        {
            events.AddRange(transaction.Execute(at));
        }

        if (before is not null)
        {
            _landed.Add(new LandedBlock(at, before, periodEnd, [.. transactions], events));
            _landed.RemoveAll(block => block.At.Number + (ulong)kept <= at.Number);
        }

        return events;
    }

    private void Confirm(PendingTransaction transaction)
    {
        if (transaction.Confirmations == 0)
        {
            transaction.Complete();
        }
        else
        {
            _blocks.Confirm(transaction, transaction.Confirmations);
        }
    }

    private void MarkMissingProofs(BlockStamp at, List<MarketEvent> events)
    {
        while (_periodEnd is { } end && at.Time > end)
        {
            events.AddRange(_contract.MarkMissingProofs(at, end).Events);
            _periodEnd = _contract.HasWatchedSlots ? end.Plus(Options.Rules.ProofPeriodSeconds) : null;
        }
    }

    private void AwaitEndOfPeriod(UnixSeconds now)
    {
        if (_contract.HasWatchedSlots)
        {
            _periodEnd ??= _contract.GetPeriodEnd(now);
            _blocks.EnsureBlockAfter(_periodEnd.Value);
        }
    }
}
