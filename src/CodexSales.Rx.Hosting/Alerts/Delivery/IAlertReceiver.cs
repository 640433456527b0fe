namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>Somebody who is told of alerts.</summary>
internal interface IAlertReceiver
{
    /// <summary>By what it is called in sentences; no other receiver's.</summary>
    string Name { get; }

    /// <summary>Tells it; completes when it has the message for sure.</summary>
    /// <exception cref="NotDeliveredException">It may not have it.</exception>
    Task SendAsync(AlertMessage message, CancellationToken cancellation);
}

/// <summary>A receiver may not have a message.</summary>
/// <param name="why">In one sentence, without secrets.</param>
/// <param name="notBefore">How long it wants to be left alone; null when it did not say.</param>
/// <param name="cause">What caused it.</param>
internal sealed class NotDeliveredException(string why, TimeSpan? notBefore = null, Exception? cause = null) : IOException(why, cause)
{
    /// <summary>How long the receiver wants to be left alone; null when it did not say.</summary>
    public TimeSpan? NotBefore => notBefore;
}
