using System.Diagnostics.Metrics;
using Bunit;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Access;
using CodexSales.Rx.Web.Page.Live;
using CodexSales.Rx.Web.Page.Overview;
using CodexSales.Rx.Web.Page.Recent;
using CodexSales.Rx.Web.Tests.Operator;
using MudBlazor;
using MudBlazor.Services;

namespace CodexSales.Rx.Web.Tests.Page;

/// <summary>Draws parts of the page on a host in virtual time; time of viewers stands still.</summary>
internal sealed class PageHost : IAsyncDisposable
{
    private readonly BunitContext _context = new();

    public PageHost(bool isRemembered = false, params (string Key, string Value)[] settings)
    {
        Api = new ApiHost(isRemembered, settings);
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton(Host);
        _context.Services.AddSingleton<TimeProvider>(new StillTime());
        _context.Services.AddSingleton(Api.App.Services.GetRequiredService<Viewers>());
        _context.Services.AddSingleton(new LiveLists(Host, new StillTime()));
        _context.Services.AddSingleton<ChartWall>();
        _context.Services.AddSingleton(new HostMemory(Host, Api.App.Services.GetRequiredService<IMeterFactory>(), new StillTime()));
        _context.Render<MudPopoverProvider>();
    }

    public ApiHost Api { get; }

    public ISalesHost Host => Api.Sales;

    /// <summary>A page, with the dialogs that it opens.</summary>
    public IRenderedComponent<MudDialogProvider> Dialogs => field ??= _context.Render<MudDialogProvider>();

    public IRenderedComponent<T> Draw<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : Microsoft.AspNetCore.Components.IComponent
    {
        _ = Dialogs;
        return _context.Render(parameters);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Api.Dispose();
    }

    internal sealed class StillTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
