using System.Diagnostics;
using System.Reactive;

namespace CodexSales.Rx.Selling;

/// <summary>
/// Lives through the states of a sale, from one state to the first that is enough: notifies of each state, and completes
/// after the last.
/// </summary>
/// <param name="first">Where the life begins. Its own notification is part of it.</param>
/// <param name="work">What is done in a state. It must lead to another state before it is over.</param>
/// <param name="interruptions">
/// What happens to the sale from outside, in whatever state it is. Each is subscribed to by itself: <c>Merge</c> would
/// cost more than all that it merges.
/// </param>
/// <param name="isEnough">Whether this life ends with a state.</param>
internal sealed class SaleRun(
    SaleState first,
    Func<SaleState, IObservable<SaleEvent>> work,
    IReadOnlyList<IObservable<SaleEvent>> interruptions,
    Func<SaleState, bool> isEnough) : ObservableBase<SaleState>
{
    protected override IDisposable SubscribeCore(IObserver<SaleState> observer)
    {
        var state = first;
        var working = new SerialDisposable();
        var interrupted = new CompositeDisposable(interruptions.Count);
        Enter(first);
        for (var i = 0; i < interruptions.Count && !isEnough(state); i++)
        {
            interrupted.Add(interruptions[i].Subscribe(Happen, observer.OnError));
        }

        return StableCompositeDisposable.Create(working, interrupted);

        // The work of the state before is cancelled first; the work of this one may lead on at once.
        void Enter(SaleState next)
        {
            state = next;
            var begun = new SingleAssignmentDisposable();
            working.Disposable = begun;
            observer.OnNext(next);
            if (isEnough(next))
            {
                interrupted.Dispose();
                observer.OnCompleted();
            }
            else
            {
                begun.Disposable = work(next).Subscribe(Happen, observer.OnError, () => NothingFollowed(next));
            }
        }

        void Happen(SaleEvent happened)
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

            if (next.GetType() != state.GetType() || IsAnotherEnd(next))
            {
                Enter(next);
            }
            else if (next != state)
            {
                state = next;
                observer.OnNext(next);
            }
        }

        // What settles now is another end, which must stand by itself.
        bool IsAnotherEnd(SaleState next) => (next, state) is (SaleSettling after, SaleSettling before)
            && !ReferenceEquals(after.End, before.End);

        // A worker must never wait for work that is over: that would be a silent stop.
        void NothingFollowed(SaleState of)
        {
            if (ReferenceEquals(of, state) || of.GetType() == state.GetType())
            {
                observer.OnError(new UnreachableException($"The work of {of.Name} is over, and nothing has followed from it."));
            }
        }
    }
}
