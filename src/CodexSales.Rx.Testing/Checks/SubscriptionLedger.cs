using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Checks;

/// <summary>Counts the subscriptions of observables: at the end of a test all of them should be gone.</summary>
/// <remarks>Threading: for one thread at a time.</remarks>
public sealed class SubscriptionLedger
{
    private readonly SortedDictionary<string, int> _live = new(StringComparer.Ordinal);

    /// <summary>The number of subscriptions now.</summary>
    public int LiveCount => _live.Values.Sum();

    /// <summary>The same observable, with its subscriptions counted until they are disposed of, or it ends.</summary>
    /// <param name="source">What is observed.</param>
    /// <param name="name">How it is named where something of it is left.</param>
    public IObservable<T> Watch<T>(IObservable<T> source, string name)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        return Observable.Create<T>(observer =>
        {
            _live[name] = _live.GetValueOrDefault(name) + 1;
            var entry = Disposable.Create(() => _live[name]--);
            return StableCompositeDisposable.Create(source.Finally(entry.Dispose).Subscribe(observer), entry);
        });
    }

    /// <summary>Checks that nothing is subscribed to any more.</summary>
    /// <exception cref="ContractViolationException">Something is; the message names it.</exception>
    public void AssertAllGone()
    {
        var left = _live.Where(entry => entry.Value > 0)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} ({entry.Value})"))
            .ToList();
        if (left.Count > 0)
        {
            throw new ContractViolationException($"Still subscribed to: {string.Join(", ", left)}.");
        }
    }
}
