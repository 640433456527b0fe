using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Page.Recent;
using Microsoft.AspNetCore.Components;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>
/// A part of the page that follows the host: pictures that are made once for all viewers, a few a second at most, as fast as this viewer
/// draws them. Nobody waits for a viewer.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _gone = new();

    /// <summary>The host.</summary>
    [Inject]
    protected ISalesHost Host { get; set; } = null!;

    [Inject]
    private protected HostMemory Memory { get; set; } = null!;

    [Inject]
    private protected LiveLists Lists { get; set; } = null!;

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

    /// <summary>Draws the part anew whenever there is a newer picture of what it follows.</summary>
    private protected void Follow<TPicture>(Live<TPicture> live, Action<TPicture> take)
        where TPicture : class => _ = GuardAsync(async gone =>
    {
        await foreach (var picture in live.FollowAsync(gone).ConfigureAwait(false))
        {
            await InvokeAsync(() =>
            {
                take(picture);
                StateHasChanged();
            }).ConfigureAwait(false);
        }
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
