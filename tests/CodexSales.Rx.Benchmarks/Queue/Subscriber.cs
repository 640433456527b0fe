using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>Reads every change that it gets.</summary>
internal sealed class Subscriber : IObserver<ChangeSet<OpenSlot, SlotKey, QueueCause>>
{
    public long Sum { get; private set; }

    public void OnNext(ChangeSet<OpenSlot, SlotKey, QueueCause> value)
    {
        foreach (var change in value)
        {
            Sum += change.PositionAfter;
        }
    }

    public void OnError(Exception error) => throw error;

    public void OnCompleted()
    {
    }
}
