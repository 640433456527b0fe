namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Trades speed for certainty.</summary>
public static class ConfirmationOperators
{
    /// <summary>
    /// Holds each event back until so many blocks stand on its own; one that is taken back before that never comes, nor
    /// does its <see cref="Reverted"/>.
    /// </summary>
    /// <param name="events">Events in the order of the chain, reverts newest first.</param>
    /// <param name="heads">The newest block, after what it takes back.</param>
    /// <param name="confirmations">How many blocks; with 0 an event waits for nothing but its own head.</param>
    /// <remarks>
    /// An event that is taken back after it came is followed by its <see cref="Reverted"/> at once. Holds as many
    /// events as there are in that many blocks.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confirmations"/> is negative.</exception>
    public static IObservable<MarketEvent> WithConfirmations(
        this IObservable<MarketEvent> events, IObservable<BlockStamp> heads, int confirmations)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentOutOfRangeException.ThrowIfNegative(confirmations);
        return Observable.Create<MarketEvent>(observer =>
        {
            var gate = new Lock();
            var held = new HeldEvents((ulong)confirmations, observer);
            return new CompositeDisposable(
                heads.Subscribe(head => Do(() => held.Reach(head.Number)), observer.OnError),
                events.Subscribe(happened => Do(() => held.Take(happened)), observer.OnError, observer.OnCompleted));

            void Do(Action step)
            {
                lock (gate)
                {
                    step();
                }
            }
        });
    }

    private sealed class HeldEvents(ulong confirmations, IObserver<MarketEvent> observer)
    {
        private readonly LinkedList<MarketEvent> _held = [];
        private ulong? _head;

        public void Reach(ulong head)
        {
            _head = head;
            while (_held.First is { Value: var oldest } && oldest.Block.Number + confirmations <= _head)
            {
                _held.RemoveFirst();
                observer.OnNext(oldest);
            }
        }

        public void Take(MarketEvent happened)
        {
            if (happened is not Reverted reverted)
            {
                // Of a block that was replaced nothing is told any more.
                while (_held.Last is { Value: BlockTold told } && told.Block.Number >= happened.Block.Number)
                {
                    _held.RemoveLast();
                }

                _held.AddLast(happened);
                if (_head is { } head)
                {
                    Reach(head);
                }
            }
            else if (_held.FindLast(reverted.Original) is { } waiting)
            {
                _held.Remove(waiting);
            }
            else
            {
                observer.OnNext(reverted);
            }
        }
    }
}
