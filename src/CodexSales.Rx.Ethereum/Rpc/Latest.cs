using System.Reactive.Subjects;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>A value to be read from any thread, and told at once and then with each change.</summary>
internal sealed class Latest<T>
    where T : class
{
    private readonly ISubject<T> _values;
    private volatile T _value;

    public Latest(T first)
    {
        _value = first;
        _values = Subject.Synchronize(new BehaviorSubject<T>(first));
    }

    public T Value
    {
        get => _value;
        set
        {
            _value = value;
            _values.OnNext(value);
        }
    }

    public IObservable<T> Values => _values.AsObservable();
}
