namespace CodexSales.Rx.Caching;

/// <summary>An observable of a cache. It subscribes at once: a trampoline as in <c>Observable.Create</c> would make the
/// delivery of other subscribers' notifications a part of this subscriber's work.</summary>
internal sealed class CacheObservable<TValue>(Func<IObserver<TValue>, IDisposable> subscribe) : IObservable<TValue>
{
    public IDisposable Subscribe(IObserver<TValue> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return subscribe(observer);
    }
}
