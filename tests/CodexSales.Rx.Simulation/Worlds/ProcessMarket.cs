using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>The market as one life of the program sees it.</summary>
internal sealed class ProcessMarket(Process process, SimulatedMarket market, World world) : IMarket
{
    private BlockStamp _head;

    /// <summary>Whether the program listens to events by now.</summary>
    public bool IsHeard { get; private set; }

    public IObservable<MarketEvent> Events => Observable.Defer(() =>
    {
        IsHeard = true;
        var (settings, random) = (world.Scenario.Settings, new Random(world.Scenario.Seed));
        var events = market.Events
            .TellTwice(_ => random.Next(100) < settings.ToldTwicePercent)
            .DelayInOrder(_ => world.IsCalm ? TimeSpan.Zero : settings.NewsDelay * random.NextDouble(), world.Time);
        return world.Subscriptions.Watch(events.Where(_ => process.IsAlive).Do(process.Inspector.Note), "Events");
    });

    /// <summary>When the program was told last that blocks were replaced.</summary>
    public DateTimeOffset ReplacedAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When the program was told last of blocks that were replaced, or of a new period.</summary>
    public DateTimeOffset LookedAt { get; private set; } = DateTimeOffset.MinValue;

    public Address Host => market.Host;

    public IObservable<BlockStamp> FinalHeads =>
        world.Subscriptions.Watch(market.FinalHeads.Where(_ => process.IsAlive), "FinalHeads");

    public IObservable<BlockStamp> Heads =>
        world.Subscriptions.Watch(market.Heads.Where(_ => process.IsAlive).Do(Note), "Heads");

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        Ask(null, () => market.GetRulesAsync(cancellation));

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Ask(slot, () => market.GetSlotAsync(slot, asOf, cancellation));

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        Ask(slot, () => market.GetOfferAsync(slot, asOf, cancellation));

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        Ask(null, () => market.GetMySlotsAsync(asOf, cancellation));

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        Ask(null, () => market.GetHostedSlotsAsync(slots, asOf, cancellation));

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(slot, () => market.ReserveSlotAsync(slot, cancellation), cancellation);

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        Send(slot, () => market.FillSlotAsync(slot, proof, collateral, cancellation), cancellation);

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        Send(slot, () => market.SubmitProofAsync(slot, period, proof, cancellation), cancellation, period);

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Send(slot, () => market.FreeSlotAsync(slot, cancellation), cancellation);

    private void Note(BlockStamp head)
    {
        if (head.Number <= _head.Number)
        {
            ReplacedAt = world.Time.Now;
        }

        var period = world.Chain.Options.Rules.ProofPeriodSeconds;
        if (ReplacedAt == world.Time.Now || head.Time.Value / period != _head.Time.Value / period)
        {
            LookedAt = world.Time.Now;
        }

        _head = head;
    }

    private Task<T> Ask<T>(SlotKey? slot, Func<Task<T>> call, [CallerMemberName] string name = "") =>
        process.Call(name, slot, async () =>
        {
            try
            {
                return await call();
            }
            catch (MarketUnavailableException) when (slot is { } key)
            {
                world.Keeper.NoteUnanswered(key);
                throw;
            }
        });

    private Task<TransactionOutcome> Send(
        SlotKey slot,
        Func<Task<TransactionOutcome>> call,
        CancellationToken cancellation,
        ulong? period = null,
        [CallerMemberName] string name = "") =>
        process.Call(name, slot, async () =>
        {
            var sent = process.Inspector.Send(name, slot, period);
            world.Story.Tell("send", world.Names.Of(slot), $"#{sent.Sale} {name}");
            if (name == "FillSlotAsync")
            {
                world.BeOutrun(slot);
                world.Keeper.FillToldAt.Remove(slot); // What was told of the one before says nothing of this one.
            }

            var outcome = await process.Watch(HostPort.Transactions, call(), cancellation);
            if (process.IsAlive)
            {
                sent.Outcome = outcome;
                if (name == "FillSlotAsync")
                {
                    world.Keeper.FillToldAt[slot] = world.Time.Now;
                }

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
