using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting;

/// <summary>What the parts of one pipeline are made of.</summary>
/// <param name="Services">The services of the app.</param>
/// <param name="Options">What was set.</param>
/// <param name="Core">Where everything is decided and time passes.</param>
/// <param name="Owned">Takes what is to be disposed of with the pipeline, the last one first.</param>
internal sealed record PartContext(
    IServiceProvider Services, CodexSalesOptions Options, IScheduler Core, Stack<IDisposable> Owned)
{
    /// <summary>What outlives the process; null where nothing does.</summary>
    public ISalesStore? Store { get; set; }

    /// <summary>The parts of one simulated market, which know each other.</summary>
    public object? Shared { get; set; }

    /// <summary>Where what happens is told.</summary>
    public ILogger Logger => Services.GetRequiredService<ILoggerFactory>().CreateLogger(SalesLog.Category);

    /// <summary>Has something disposed of with the pipeline.</summary>
    public T Own<T>(T part)
        where T : IDisposable
    {
        Owned.Push(part);
        return part;
    }
}
