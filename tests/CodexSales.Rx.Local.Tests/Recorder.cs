namespace CodexSales.Rx.Local.Tests;

/// <summary>What an observable said, whatever thread it said it on.</summary>
internal sealed class Recorder<T> : IObserver<T>
{
    private readonly Lock _gate = new();
    private readonly List<T> _values = [];
    private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<T> Values
    {
        get
        {
            lock (_gate)
            {
                return [.. _values];
            }
        }
    }

    /// <summary>The error that it ended with; null when it completed.</summary>
    public Task<Exception?> Ended => _ended.Task;

    public void OnNext(T value)
    {
        lock (_gate)
        {
            _values.Add(value);
        }
    }

    public void OnError(Exception error) => _ended.SetResult(error);

    public void OnCompleted() => _ended.SetResult(null);
}

internal static class RecorderExtensions
{
    public static async Task<(IReadOnlyList<T> Values, Exception? Error)> RecordAsync<T>(this IObservable<T> source)
    {
        var recorder = new Recorder<T>();
        using var subscription = source.Subscribe(recorder);
        var error = await recorder.Ended;
        return (recorder.Values, error);
    }
}
