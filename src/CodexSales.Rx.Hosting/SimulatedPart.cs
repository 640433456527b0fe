using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Contract;
using CodexSales.Rx.Testing.Participants;
using CodexSales.Rx.Testing.Work;

namespace CodexSales.Rx.Hosting;

/// <summary>A market with clients and competing hosts in this process, for apps without a chain.</summary>
internal static class SimulatedPart
{
    // Blocks and downloads take as long as on a busy chain and a usual disk.
    private const ulong BytesPerSecond = 50_000_000;
    private static readonly TimeSpan TimeToProve = TimeSpan.FromSeconds(5);

    public static HostedMarket OpenMarket(PartContext context)
    {
        var settings = context.Options.SimulatedMarket;
        var chain = context.Own(new SimulatedChain(context.Core, new SimulatedChainOptions
        {
            Seed = settings.Seed,
            MaxDurationSeconds = (ulong)settings.LongestRequest.TotalSeconds,
        }));
        for (var host = 1; host <= settings.CompetingHosts; host++)
        {
            context.Own(new CompetingHost(chain, SimulatedAccounts.Of(host), new CompetingHostOptions { Seed = settings.Seed + host }));
        }

        context.Own(new SimulatedClients(chain, new SimulatedClientsOptions
        {
            Seed = settings.Seed,
            RequestsPerHour = settings.RequestsPerHour,
            HostileShare = 0,
        }));
        return new HostedMarket(chain.ConnectHost(SimulatedAccounts.Of(0), new SimulatedMarketOptions
        {
            CallLatency = TimeSpan.FromMilliseconds(100),
            TransactionLatency = TimeSpan.FromSeconds(1),
        }))
        {
            ReadBalancesAsync = (asOf, cancellationToken) => ReadBalancesAsync(chain, context.Core, asOf, cancellationToken),
        };
    }

    public static ISlotStorage OpenStorage(PartContext context) =>
        new SimulatedStorage(context.Core, new SimulatedStorageOptions { BytesPerSecond = BytesPerSecond });

    public static IProver OpenProver(PartContext context) => new SimulatedProver(context.Core, TimeToProve);

    // Nothing is paid for transactions there, and the contract takes tokens without being allowed to.
    private static async Task<HostBalances?> ReadBalancesAsync(
        SimulatedChain chain, IScheduler core, BlockStamp asOf, CancellationToken cancellationToken)
    {
        var read = new TaskCompletionSource<UInt256>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var asked = core.Schedule(() => read.TrySetResult(chain.BalanceOf(SimulatedAccounts.Of(0))));
        return new HostBalances(asOf, null, await read.Task.WaitAsync(cancellationToken).ConfigureAwait(false), null);
    }
}
