using System.Diagnostics;
using System.Reactive;

namespace CodexSales.Rx.Selling;

/// <summary>Lives through the states of a sale, from one state to the first final one: notifies of each state, and
/// completes after the last. The work of one state goes on at a time; <see cref="SaleMachine"/> turns each event of it,
/// and each interruption, into the next state. Another kind of state ends that work and begins its own.</summary>
/// <param name="first">The state to begin with, which is notified of, too.</param>
/// <param name="work">The work of a state. It must lead to another state before it is over.</param>
/// <param name="interruptions">Events from outside, in any state. Each is subscribed to by itself: <c>Merge</c> would
/// cost more than all that it merges.</param>
/// <param name="isFinal">True for the states that end this life.</param>
internal sealed class SaleRun(
    SaleState first,
    Func<SaleState, IObservable<SaleEvent>> work,
    IReadOnlyList<IObservable<SaleEvent>> interruptions,
    Func<SaleState, bool> isFinal) : ObservableBase<SaleState>
{
    protected override IDisposable SubscribeCore(IObserver<SaleState> observer)
    {
        var life = new Life(observer, work, isFinal, first);
        life.Enter(first);
        foreach (var interruption in interruptions)
        {
            life.ListenTo(interruption);
        }

        return life;
    }

    private sealed class Life(
        IObserver<SaleState> observer,
        Func<SaleState, IObservable<SaleEvent>> work,
        Func<SaleState, bool> isFinal,
        SaleState state) : IDisposable
    {
        private readonly SerialDisposable _working = new();
        private readonly CompositeDisposable _interruptions = [];

        // The work of the state before is cancelled first; the work of this one may lead on at once.
        public void Enter(SaleState next)
        {
            state = next;
            var begun = new SingleAssignmentDisposable();
            _working.Disposable = begun;
            observer.OnNext(next);
            if (isFinal(next))
            {
                _interruptions.Dispose();
                observer.OnCompleted();
            }
            else
            {
                begun.Disposable = work(next).Subscribe(Happen, observer.OnError, () => NothingFollowed(next));
            }
        }

        public void ListenTo(IObservable<SaleEvent> interruption)
        {
            if (!isFinal(state))
            {
                _interruptions.Add(interruption.Subscribe(Happen, observer.OnError));
            }
        }

        public void Dispose()
        {
            _working.Dispose();
            _interruptions.Dispose();
        }

        private void Happen(SaleEvent happened)
        {
            SaleState next;
            try
            {
                next = SaleMachine.Step(state, happened);
            }
            catch (UnreachableException bug)
            {
                observer.OnError(bug);
                return;
            }

            if (!IsSameKind(next, state))
            {
                Enter(next);
            }
            else if (next != state)
            {
                state = next;
                observer.OnNext(next);
            }
        }

        // A worker must never wait for work that is over: that would be a silent stop.
        private void NothingFollowed(SaleState of)
        {
            if (of.GetType() == state.GetType())
            {
                observer.OnError(new UnreachableException($"The work of {of.Name} is over, and nothing has followed from it."));
            }
        }

        // Within one kind of state the work goes on, whatever else is known by now. Of two ends that settle each must stand by
        // itself.
        private static bool IsSameKind(SaleState next, SaleState before) => next.GetType() == before.GetType()
            && !(next is SaleSettling after && !ReferenceEquals(after.End, ((SaleSettling)before).End));
    }
}
