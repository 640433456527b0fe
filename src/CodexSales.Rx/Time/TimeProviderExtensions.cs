namespace CodexSales.Rx.Time;

/// <summary>The time of an app, as a scheduler.</summary>
/// <remarks>
/// Threading: any thread; there is nothing to dispose of. What is due at once runs on a thread of the pool, what becomes due on the
/// thread on which the provider's timer calls, unless another thread is at it: with a <c>FakeTimeProvider</c> that is the one that
/// moves the clock on. What work throws is thrown there, and the rest goes on; a <c>FakeTimeProvider</c> calls no timer any more once
/// one of its timers has thrown.
/// </remarks>
public static class TimeProviderExtensions
{
    /// <summary>A scheduler on which a provider's time passes: for all that asks for one here, also as the core of a pipeline.</summary>
    /// <param name="time">
    /// Whose time it is. Its timers and its <see cref="TimeProvider.GetTimestamp"/> must go by one clock, as those of a
    /// <c>FakeTimeProvider</c> do: what a timer brings too early, by the timestamps, goes on waiting.
    /// </param>
    /// <remarks>
    /// <para>
    /// It runs one thing after another: in the order in which things are due, and those of one moment in the order in which they were
    /// scheduled. Nothing runs before its time, however long that is; and the clock of the system may be set meanwhile, since a moment
    /// is the span that was left until then. (<c>AdjustTime</c> of a <c>FakeTimeProvider</c> moves its timestamps, too: all waits with them.)
    /// </para>
    /// <para>
    /// Two schedulers of one provider run beside each other: a pipeline and its ports take the same one.
    /// </para>
    /// </remarks>
    public static IScheduler ToScheduler(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new TimeProviderScheduler(time);
    }
}
