using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Checks;

/// <summary>A scheduler for code that must not touch time: asking it for the time or to run something throws.</summary>
/// <remarks>Threading: for any thread.</remarks>
public sealed class ForbiddenScheduler : IScheduler
{
    /// <summary>The only one that is needed: it has no state.</summary>
    public static ForbiddenScheduler Instance { get; } = new();

    private ForbiddenScheduler()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ContractViolationException">Always.</exception>
    public DateTimeOffset Now => throw Forbidden("asked for the time");

    /// <inheritdoc/>
    /// <exception cref="ContractViolationException">Always.</exception>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        throw Forbidden("asked to run something");

    /// <inheritdoc/>
    /// <exception cref="ContractViolationException">Always.</exception>
    public IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        throw Forbidden($"asked to run something after {dueTime}");

    /// <inheritdoc/>
    /// <exception cref="ContractViolationException">Always.</exception>
    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        throw Forbidden($"asked to run something at {dueTime:O}");

    private static ContractViolationException Forbidden(string what) =>
        new($"Time must not be touched here: it was {what}.");
}
