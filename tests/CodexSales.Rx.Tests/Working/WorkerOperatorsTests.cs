using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Tests.Working;

public sealed class WorkerOperatorsTests
{
    [Fact]
    public void A_hundred_thousand_stale_tickets_do_not_overflow_the_stack()
    {
        const int many = 100_000;
        var takeable = new Subject<int>();
        var first = new Subject<string>();
        var work = new Queue<IObservable<string>>([first]);
        var done = new List<string>();
        using var workers = takeable
            .OccupyWorkers(1, () => work.TryDequeue(out var next) ? next : null)
            .Subscribe(done.Add);

        // All but the first ticket lose their work before a worker is free for it.
        takeable.OnNext(many);
        takeable.OnNext(0);
        first.OnCompleted();

        work.Enqueue(Observable.Return("still alive"));
        takeable.OnNext(1);
        Assert.Equal(["still alive"], done);
    }

    [Fact]
    public void A_worker_chooses_its_work_when_it_is_free_and_not_when_the_work_came()
    {
        var takeable = new Subject<int>();
        var first = new Subject<string>();
        var work = new SortedList<int, IObservable<string>> { [5] = first };
        var done = new List<string>();
        using var workers = takeable.OccupyWorkers(1, TakeBest).Subscribe(done.Add);

        takeable.OnNext(1);
        work.Add(7, Observable.Return("later, and worse"));
        takeable.OnNext(1);
        work.Add(1, Observable.Return("last, and best"));
        takeable.OnNext(2);
        first.OnCompleted();

        Assert.Equal(["last, and best", "later, and worse"], done);

        IObservable<string>? TakeBest()
        {
            if (work.Count == 0)
            {
                return null;
            }

            var best = work.GetValueAtIndex(0);
            work.RemoveAt(0);
            return best;
        }
    }

    [Fact]
    public void No_more_acquisitions_run_at_once_than_there_are_workers()
    {
        var takeable = new Subject<int>();
        var running = new List<Subject<int>>();
        using var workers = takeable
            .OccupyWorkers(3, () =>
            {
                running.Add(new Subject<int>());
                return running[^1];
            })
            .Subscribe();

        takeable.OnNext(10);
        Assert.Equal(3, running.Count);

        running[1].OnCompleted();
        Assert.Equal(4, running.Count);
    }

    [Fact]
    public void Tickets_that_are_out_already_are_not_handed_out_again()
    {
        var takeable = new Subject<int>();
        var redeemed = 0;
        var blocker = new Subject<int>();
        using var workers = takeable
            .OccupyWorkers(1, () => redeemed++ == 0 ? blocker : null)
            .Subscribe();

        takeable.OnNext(1);
        takeable.OnNext(5);
        takeable.OnNext(5);
        takeable.OnNext(3);
        blocker.OnCompleted();

        Assert.Equal(1 + 5, redeemed);
    }
}
