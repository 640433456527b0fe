using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Web.Settings;

namespace CodexSales.Node.Run;

/// <summary>What "run" was told: the options of the host, and what is for sale besides what the store remembers.</summary>
/// <param name="Configure">Sets the options of the host.</param>
/// <param name="Availabilities">The availabilities for sale besides those that the store remembers.</param>
/// <param name="RemovedAvailabilities">The ids of those that are not for sale any more.</param>
/// <param name="Listen">Where the page and the APIs are served; null for nowhere.</param>
/// <param name="Access">Sets who may come in there.</param>
/// <param name="IsDryRun">Whether nothing is sent, stored, proved and remembered.</param>
internal sealed record RunOptions(
    Action<CodexSalesOptions> Configure,
    ImmutableArray<Availability> Availabilities,
    ImmutableArray<string> RemovedAvailabilities,
    Uri? Listen,
    Action<WebOptions> Access,
    bool IsDryRun)
{
    /// <summary>The options of the host.</summary>
    public CodexSalesOptions Settings
    {
        get
        {
            var settings = new CodexSalesOptions();
            Configure(settings);
            return settings;
        }
    }
}
