namespace CodexSales.Rx.Testing.Time;

/// <summary>Observes in virtual time.</summary>
public static class VirtualTimeObservation
{
    /// <summary>Subscribes, and notes everything that the observable says, with the time.</summary>
    public static RecordingObserver<T> Record<T>(this VirtualTime time, IObservable<T> source)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(source);
        return RecordingObserver<T>.Of(time, source);
    }
}
