namespace CodexSales.Rx.Time;

/// <summary>The time of an app, as a scheduler.</summary>
/// <remarks>
/// Threading: any thread; there is nothing to dispose of. Without a scheduler to run on, what is due at once runs on a thread of the
/// pool, what becomes due on the thread on which the provider's timer calls, unless another thread is at it: with a
/// <c>FakeTimeProvider</c> that is the one that moves the clock on, as a rule. What work throws is thrown there, and the rest goes on; a
/// <c>FakeTimeProvider</c> calls no timer any more once one of its timers has thrown.
/// </remarks>
public static class TimeProviderExtensions
{
    /// <summary>A scheduler on which a provider's time passes: for all that asks for one here, also as the core of a pipeline.</summary>
    /// <param name="time">
    /// Whose time it is. Its timers and its <see cref="TimeProvider.GetTimestamp"/> must go by one clock, as those of a
    /// <c>FakeTimeProvider</c> do: what a timer brings too early, by the timestamps, goes on waiting.
    /// </param>
    /// <param name="runOn">
    /// Where all work runs, such as an <see cref="EventLoopScheduler"/>; null for what is said above. It runs one thing after another, and
    /// none inside of the call. Only the thread of it is used, and not its time: what is cancelled is let go at once, while an
    /// <see cref="EventLoopScheduler"/> keeps it until it would have been due. Once it is disposed of, nothing is run any more: what waits
    /// then waits for ever, and what is scheduled throws <see cref="ObjectDisposedException"/>; a first wait may not know yet.
    /// </param>
    /// <exception cref="ArgumentException">The scheduler to run on runs two things at once.</exception>
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
    public static IScheduler ToScheduler(this TimeProvider time, IScheduler? runOn = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (runOn?.AsLongRunning() is not null)
        {
            throw new ArgumentException($"{runOn.GetType().Name} runs two actions at once; one that runs one after the other is expected.", nameof(runOn));
        }

        return new TimeProviderScheduler(time, runOn);
    }
}
