using System.Reactive.Subjects;
using System.Runtime.ExceptionServices;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Hands on an intake's findings, in order, on its scheduler; of heads only news.</summary>
internal sealed class IntakeListener(
    IObserver<MarketEvent> events, ISubject<BlockStamp> heads, ISubject<BlockStamp> finalHeads, IScheduler scheduler)
{
    private BlockStamp? _head;

    public void Tell(MarketEvent happened) => Guard(() => events.OnNext(happened));

    /// <summary>All events up to the node's newest block were told, its own among them.</summary>
    public void Completed(BlockStamp block) => Tell(new BlockTold(block));

    /// <summary>A block is the next one to be told, or the node's newest. A replacement shows by its hash.</summary>
    public void Reached(BlockStamp block)
    {
        if (_head is not { } head || block.Number > head.Number || (block.Number == head.Number && block != head))
        {
            TellHead(block);
        }
    }

    /// <summary>The events of all blocks above one were taken back.</summary>
    public void Rewound(BlockStamp block)
    {
        if (_head != block)
        {
            TellHead(block);
        }
    }

    public void Settled(BlockStamp block) => Guard(() => finalHeads.OnNext(block));

    private void TellHead(BlockStamp block)
    {
        _head = block;
        Guard(() => heads.OnNext(block));
    }

    // A subscriber that throws has ended its subscription and can't be told: its exception goes on by itself.
    private void Guard(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception thrown)
        {
            scheduler.Schedule(() => ExceptionDispatchInfo.Throw(thrown));
            throw new OperationCanceledException("A subscriber threw.", thrown);
        }
    }
}
