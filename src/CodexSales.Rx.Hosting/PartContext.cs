using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting;

/// <summary>What the parts of one pipeline are made of.</summary>
/// <param name="Services">The services of the app.</param>
/// <param name="Options">What was set.</param>
/// <param name="Core">Where everything is decided and time passes.</param>
/// <param name="IsDryRun">Whether nothing is sent, stored, proved and remembered.</param>
internal sealed record PartContext(IServiceProvider Services, CodexSalesOptions Options, IScheduler Core, bool IsDryRun)
{
    private readonly Stack<IDisposable> _owned = [];
    private bool _isReleased;

    /// <summary>What outlives the process; null where nothing does.</summary>
    public ISalesStore? Store { get; set; }

    /// <summary>Where what happens is told.</summary>
    public ILogger Logger => Services.GetRequiredService<ILoggerFactory>().CreateLogger(SalesLog.Category);

    /// <summary>The whole key of an option.</summary>
    public string Key(string name) => SettingsReader.KeyOf(Options, name);

    /// <summary>Has something disposed of with the pipeline, the last one first; at once where that is over.</summary>
    /// <remarks>Threading: any thread. A chain may be found while the app stops.</remarks>
    public T Own<T>(T part)
        where T : IDisposable
    {
        lock (_owned)
        {
            if (!_isReleased)
            {
                _owned.Push(part);
                return part;
            }
        }

        part.Dispose();
        return part;
    }

    /// <summary>Disposes of all that is owned.</summary>
    public void Release()
    {
        lock (_owned)
        {
            _isReleased = true;
        }

        while (_owned.TryPop(out var part))
        {
            part.Dispose();
        }
    }
}
