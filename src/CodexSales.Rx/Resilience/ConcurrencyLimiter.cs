namespace CodexSales.Rx.Resilience;

/// <summary>Lets a bounded number through at once; the others wait for their turn, in the order in which they
/// came.</summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class ConcurrencyLimiter(int most, IScheduler core)
{
    private readonly LinkedList<Action> _waiting = [];

    // The next ones enter by themselves, not inside of the end of the one before.
    private IDisposable _admission = Disposable.Empty;
    private int _inside;

    /// <summary>Begins the work when it is its turn. Unsubscribing gives up the turn.</summary>
    public IObservable<T> Pass<T>(IObservable<T> work) => Observable.Create<T>(observer =>
    {
        var turn = new SerialDisposable();
        if (_inside < most && _waiting.Count == 0)
        {
            Enter();
        }
        else
        {
            var place = _waiting.AddLast(Enter);
            turn.Disposable = Disposable.Create(() => GiveUp(place));
        }

        return turn;

        void Enter()
        {
            _inside++;
            var begun = new SingleAssignmentDisposable();
            turn.Disposable = new CompositeDisposable(begun, Disposable.Create(Leave));
            begun.Disposable = work.Subscribe(
                observer.OnNext,
                error => End(() => observer.OnError(error)),
                () => End(observer.OnCompleted));
        }

        // The turn is given up first: what follows from the end may want one.
        void End(Action tell)
        {
            turn.Disposable = Disposable.Empty;
            tell();
        }
    });

    private void GiveUp(LinkedListNode<Action> place)
    {
        place.List?.Remove(place);
        if (_waiting.Count == 0)
        {
            _admission.Dispose();
        }
    }

    private void Leave()
    {
        _inside--;
        if (_waiting.Count > 0)
        {
            _admission.Dispose();
            _admission = core.Schedule(Admit);
        }
    }

    private void Admit()
    {
        while (_inside < most && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            first.Value();
        }
    }
}
