using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Checks;

/// <summary>Checks what every observable promises.</summary>
public static class RxContract
{
    /// <summary>The same observable, checked: one notification at a time, also nested, none after its end.</summary>
    /// <remarks>The exception is thrown into whoever notifies; nothing is checked after it. Threading: any.</remarks>
    /// <exception cref="ContractViolationException">Out of a notification that must not come.</exception>
    public static IObservable<T> AssertRxContract<T>(this IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Create<T>(observer => source.Subscribe(new SerialObserver<T>(
            observer, how => throw new ContractViolationException($"An observable {how}."))));
    }
}
