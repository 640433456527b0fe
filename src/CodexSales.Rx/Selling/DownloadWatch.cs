using System.Reactive;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

/// <summary>Watches over the data of a slot as it comes: a download that stalls, or that can't be whole in time at its
/// rate of the last minutes, is given up, so that it holds no worker.</summary>
internal static class DownloadWatch
{
    // The number of looks at the rate within the time that a download may go without a byte.
    private const int LooksPerStall = 10;

    /// <summary>Passes on how many bytes are written, whenever there are more. Fails with a
    /// <see cref="DeadlineException"/> when there is no byte for so long, with a <see cref="TooSlowException"/> when at
    /// the rate of that time the rest would take longer than is left, and with an <see cref="InvalidDataException"/>
    /// when more bytes are written than there are to be, or it is over before they all are.</summary>
    public static IObservable<ulong> GivenUpWhenHopeless(
        this IObservable<ulong> written, ulong size, TimeSpan stall, Func<TimeSpan> timeLeft, IScheduler core) =>
        Observable.Defer(() =>
        {
            var most = 0UL;
            return written
                .Select(bytes => bytes <= size
                    ? bytes
                    : throw new InvalidDataException($"Storage has written {bytes} of {size} bytes."))
                .Where(bytes => bytes > most)
                .Do(bytes => most = bytes)
                .Concat(Observable.Defer(() => most < size
                    ? Observable.Throw<ulong>(new InvalidDataException($"Storage says that it is done after {most} of {size} bytes."))
                    : Observable.Empty<ulong>()))
                .TakeUntil(Observable.Interval(stall / LooksPerStall, core)
                    .Select(_ => most)
                    .StartWith(0UL)
                    .Buffer(LooksPerStall + 1, skip: 1) // The first of these is as old as a stall: what came since is the rate.
                    .SelectMany(looks => WhyHopeless(looks[0], looks[^1], size, stall, timeLeft) is { } why
                        ? Observable.Throw<Unit>(why)
                        : Observable.Empty<Unit>()));
        });

    private static DeadlineException? WhyHopeless(
        ulong before, ulong now, ulong size, TimeSpan stall, Func<TimeSpan> timeLeft)
    {
        var came = now - before;
        return came == 0 ? new DeadlineException($"Not one byte of the slot's data came for {stall}.")
            : now < size && (size - now) / (double)came * stall.TotalSeconds > timeLeft().TotalSeconds
                ? new TooSlowException(
                    $"The slot's data can't be whole in time: {came} bytes came in {stall}, and {size - now} of {size} are missing.")
            : null;
    }
}
