using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

/// <summary>
/// Watches over the data of a slot as it comes: a download that stalls, or that can't be whole in time at its rate of the
/// last minutes, is given up, so that it holds no worker.
/// </summary>
internal static class DownloadWatch
{
    // How often the rate is looked at, within the time that a download may go without a byte.
    private const int LooksPerStall = 10;

    /// <summary>
    /// Passes on how many bytes are written, whenever there are more. Fails with a <see cref="DeadlineException"/> when
    /// there is no byte for so long, with a <see cref="TooSlowException"/> when at the rate of that time the rest would take
    /// longer than is left, and with an <see cref="InvalidDataException"/> when more bytes are written than there are to be, or
    /// it is over before they all are.
    /// </summary>
    /// <param name="written">How many bytes are written in all, each time.</param>
    /// <param name="size">How many there are to be.</param>
    /// <param name="stall">The longest without a byte.</param>
    /// <param name="timeLeft">How long all of it may still take.</param>
    /// <param name="core">Where time passes. One timer, however many notices of progress there are.</param>
    public static IObservable<ulong> GivenUpWhenHopeless(
        this IObservable<ulong> written, ulong size, TimeSpan stall, Func<TimeSpan> timeLeft, IScheduler core) =>
        Observable.Create<ulong>(observer =>
        {
            var most = 0UL;
            var marks = new Queue<ulong>([0]);
            var looks = Observable.Interval(stall / LooksPerStall, core).Subscribe(_ => Look());
            var progress = written.Subscribe(
                bytes =>
                {
                    if (bytes > size)
                    {
                        observer.OnError(new InvalidDataException($"Storage has written {bytes} of {size} bytes."));
                    }
                    else if (bytes > most)
                    {
                        observer.OnNext(most = bytes);
                    }
                },
                observer.OnError,
                () =>
                {
                    if (most < size)
                    {
                        observer.OnError(new InvalidDataException($"Storage says that it is done after {most} of {size} bytes."));
                    }
                    else
                    {
                        observer.OnCompleted();
                    }
                });
            return StableCompositeDisposable.Create(looks, progress);

            // The first mark is as old as a stall: what came since is the rate.
            void Look()
            {
                marks.Enqueue(most);
                if (marks.Count <= LooksPerStall)
                {
                    return;
                }

                var came = most - marks.Dequeue();
                if (came == 0)
                {
                    observer.OnError(new DeadlineException($"Not one byte of the slot's data came for {stall}."));
                }
                else if (most < size && (size - most) / (double)came * stall.TotalSeconds > timeLeft().TotalSeconds)
                {
                    observer.OnError(new TooSlowException(
                        $"The slot's data can't be whole in time: {came} bytes came in {stall}, and {size - most} of {size} are missing."));
                }
            }
        });
}
