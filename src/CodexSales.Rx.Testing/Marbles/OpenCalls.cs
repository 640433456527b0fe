namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Who subscribes to a scripted port, or waits for its answer: at the end that must be nobody.</summary>
internal sealed class OpenCalls
{
    private readonly List<string> _open = [];

    public IReadOnlyList<string> Names => _open;

    public IObservable<T> Watch<T>(string name, IObservable<T> source) => Observable.Create<T>(observer =>
    {
        _open.Add(name);
        return StableCompositeDisposable.Create(
            source.Subscribe(observer), Disposable.Create(() => _open.Remove(name)));
    });

    /// <summary>A call that waits until a task is done or nobody wants it any more.</summary>
    public async Task<T> WaitAsync<T>(string name, Task<T> answer)
    {
        _open.Add(name);
        try
        {
            return await answer.ConfigureAwait(false);
        }
        finally
        {
            _open.Remove(name);
        }
    }
}
