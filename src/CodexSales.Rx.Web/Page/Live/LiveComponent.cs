using CodexSales.Rx.Caching;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Page.Recent;
using Microsoft.AspNetCore.Components;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>
/// A part of the page that follows the host: change sets as fast as this viewer's browser takes them, a few pictures a second
/// at most. All changes in between come as one change set, and nobody waits for a viewer.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan _frame = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();

    /// <summary>The host.</summary>
    [Inject]
    protected ISalesHost Host { get; set; } = null!;

    [Inject]
    private protected HostMemory Memory { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Ends when the viewer has left.</summary>
    protected CancellationToken Gone => _gone.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops following.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        // Never while the first picture is made for a browser that may not stay.
        if (firstRender)
        {
            Start();
        }
    }

    /// <summary>Begins to follow what the part shows.</summary>
    protected virtual void Start() => EachSecond();

    /// <summary>Draws the part anew each second, for what changes with time alone.</summary>
    /// <param name="look">What is done before.</param>
    protected void EachSecond(Func<Task>? look = null) => _ = GuardAsync(async gone =>
    {
        using var timer = new PeriodicTimer(_second, Time);
        do
        {
            await InvokeAsync(async () =>
            {
                await (look?.Invoke() ?? Task.CompletedTask).ConfigureAwait(true); // Drawing belongs on the viewer's own dispatcher.
                StateHasChanged();
            }).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(gone).ConfigureAwait(false));
    });

    /// <summary>Follows a list of the host: its change sets, then those of the list that a restart puts in its place.</summary>
    /// <param name="connect">Connects to the list as it is at that moment.</param>
    /// <param name="apply">Takes a change set; the part is drawn anew afterwards.</param>
    protected void Follow<TItem, TKey, TCause>(
        Func<CancellationToken, IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>>> connect, Action<ChangeSet<TItem, TKey, TCause>> apply)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum => _ = GuardAsync(async gone =>
    {
        using var timer = new PeriodicTimer(_frame, Time);
        do
        {
            await foreach (var changes in connect(gone).ConfigureAwait(false))
            {
                await InvokeAsync(() =>
                {
                    apply(changes);
                    StateHasChanged();
                }).ConfigureAwait(false);
                await timer.WaitForNextTickAsync(gone).ConfigureAwait(false);
            }
        }
        while (await timer.WaitForNextTickAsync(gone).ConfigureAwait(false));
    });

    private async Task GuardAsync(Func<CancellationToken, Task> follow)
    {
        try
        {
            await follow(_gone.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            // The viewer has left.
        }
        catch (ObjectDisposedException) when (_gone.IsCancellationRequested)
        {
            // The same, while something was drawn.
        }
        catch (Exception bug)
        {
            await DispatchExceptionAsync(bug).ConfigureAwait(false);
        }
    }
}
