using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Testing;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>The market as one life of the program sees it.</summary>
internal sealed class ProcessMarket(Process process, SimulatedMarket market, World world) : IMarket
{
    /// <summary>Whether the program listens to events by now.</summary>
    public bool IsHeard { get; private set; }

    public IObservable<MarketEvent> Events => Observable.Defer(() =>
    {
        IsHeard = true;
        var (settings, random) = (world.Scenario.Settings, new Random(world.Scenario.Seed));
        var events = market.Events
            .TellTwice(_ => random.Next(100) < settings.ToldTwicePercent)
            .DelayInOrder(_ => settings.NewsDelay * random.NextDouble(), world.Time);
        return world.Subscriptions.Watch(events.Where(_ => process.IsAlive).Do(process.Inspector.Note), "Events");
    });

    public IObservable<BlockStamp> Heads =>
        world.Subscriptions.Watch(market.Heads.Where(_ => process.IsAlive), "Heads");

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        Ask(null, () => market.GetRulesAsync(cancellation));

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        Ask(null, () => market.GetRequestAsync(request, cancellation));

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        Ask(null, () => market.GetRequestStateAsync(request, cancellation));

    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        Ask(slot, () => market.GetSlotStateAsync(slot, cancellation));

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        Ask(slot, () => market.IsMineAsync(slot, cancellation));

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) =>
        Ask(null, () => market.GetFundsAsync(cancellation));

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        Ask(null, () => market.GetMySlotsAsync(cancellation));

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Ask(slot, () => market.CanReserveSlotAsync(slot, cancellation));

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        Ask(slot, () => market.GetProofDemandAsync(slot, cancellation));

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(slot, () => market.ReserveSlotAsync(slot, cancellation));

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        Send(slot, () => market.FillSlotAsync(slot, proof, collateral, cancellation));

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        Send(slot, () => market.SubmitProofAsync(slot, proof, cancellation));

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(slot, () => market.FreeSlotAsync(slot, cancellation));

    private Task<T> Ask<T>(SlotKey? slot, Func<Task<T>> call, [CallerMemberName] string name = "") =>
        process.Call(name, slot, call);

    private Task<TransactionOutcome> Send(
        SlotKey slot, Func<Task<TransactionOutcome>> call, [CallerMemberName] string name = "") =>
        process.Call(name, slot, async () =>
        {
            var sent = process.Inspector.Send(name, slot);
            world.Story.Tell("send", world.Names.Of(slot), $"#{sent.Sale} {name}");
            var outcome = await call();
            if (process.IsAlive)
            {
                sent.Outcome = outcome;
                if (outcome is TransactionLanded { Payout: not null } && sent.Sale is { } sale)
                {
                    world.Memory.Heard.Add(sale);
                }

                world.Story.Tell(
                    "outcome", world.Names.Of(slot),
                    $"#{sent.Sale} {name}: {outcome.GetType().Name}{Detail(outcome)}");
            }

            return outcome;
        });

    private static string Detail(TransactionOutcome outcome) => outcome switch
    {
        TransactionRefused refused => $" {refused.Reason}",
        TransactionLanded { Payout: { } payout } => $" {payout.Reward} + {payout.Collateral}",
        _ => "",
    };
}
