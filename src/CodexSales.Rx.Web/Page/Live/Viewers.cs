using Microsoft.AspNetCore.Components.Server.Circuits;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>How many browsers follow the page. One above the most is told so, and follows nothing.</summary>
internal sealed class Viewers(int most)
{
    private int _count;

    public int Most => most;

    public int Count => Volatile.Read(ref _count);

    public bool Enter() => Interlocked.Increment(ref _count) <= most;

    public void Leave() => Interlocked.Decrement(ref _count);
}

/// <summary>One browser with its page open.</summary>
internal sealed class Viewer(Viewers viewers) : CircuitHandler
{
    /// <summary>Whether there is room for it. True before it is connected.</summary>
    public bool IsAdmitted { get; private set; } = true;

    /// <inheritdoc/>
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        IsAdmitted = viewers.Enter();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        viewers.Leave();
        return Task.CompletedTask;
    }
}
