using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>Tells what a replay does. Nothing is written while the pipeline works.</summary>
internal interface IReplayReport
{
    /// <summary>The queue changed.</summary>
    /// <param name="at">The block that the record has come to, and the chain's time.</param>
    /// <param name="count">How many slots are queued now.</param>
    /// <param name="changes">What changed.</param>
    void QueueChanged(BlockStamp at, int count, ChangeSet<OpenSlot, SlotKey, QueueCause> changes);

    /// <summary>A sale went one step on.</summary>
    void SaleStepped(BlockStamp at, SaleStep step);

    /// <summary>A request or a slot is not for sale.</summary>
    void Refused(BlockStamp at, Refusal refusal);

    /// <summary>The replay is over.</summary>
    void Ended(ReplaySummary summary);

    /// <summary>Writes what was told, if it is worth it.</summary>
    void Flush();

    /// <summary>Writes what was told.</summary>
    void WriteOut();
}
