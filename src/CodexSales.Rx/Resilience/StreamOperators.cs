namespace CodexSales.Rx.Resilience;

/// <summary>What the streams of ports have in common.</summary>
internal static class StreamOperators
{
    /// <summary>An end of these is an error: without a word of its blocks the pipeline would stop proving, and without
    /// one of its events stop selling, and nobody would know.</summary>
    public static IObservable<T> NeverEnding<T>(this IObservable<T> told, string what) => told.Concat(
        Observable.Throw<T>(new InvalidOperationException($"The market's {what} have ended; they never should.")));

    /// <summary>An exception of a port that is being left is reported, and keeps no other port from being left.</summary>
    public static IObservable<T> LeftInPeace<T>(this IObservable<T> told, Action<Exception> tell) => Observable.Create<T>(observer =>
    {
        var subscription = told.Subscribe(observer);
        return () =>
        {
            try
            {
                subscription.Dispose();
            }
            catch (Exception thrown)
            {
                tell(thrown);
            }
        };
    });

    /// <summary>Does something at the first value that fits, before it is notified of, and never again.</summary>
    public static IObservable<T> DoOnFirst<T>(this IObservable<T> source, Func<T, bool> fits, Action<T> action) =>
        Observable.Defer(() =>
        {
            var isDone = false;
            return source.Do(value =>
            {
                if (!isDone && fits(value))
                {
                    isDone = true;
                    action(value);
                }
            });
        });
}
