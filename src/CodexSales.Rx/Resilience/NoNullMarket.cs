using System.Runtime.CompilerServices;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Resilience;

/// <summary>A market whose null is an error that names the member.</summary>
internal sealed class NoNullMarket(IMarket market) : IMarket
{
    private const string Port = nameof(IMarket);

    public Address Host => market.Host;

    public IObservable<MarketEvent> Events => (market.Events ?? NoObservable<MarketEvent>())
        .Select(told => told ?? throw NoNull.Error(Port, "tells of null"));

    public IObservable<BlockStamp> Heads => market.Heads ?? NoObservable<BlockStamp>();

    public IObservable<BlockStamp> FinalHeads => market.FinalHeads ?? NoObservable<BlockStamp>();

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) => NoNull.Answer(Port, market.GetRulesAsync(cancellation));

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.GetSlotAsync(slot, asOf, cancellation));

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.GetOfferAsync(slot, asOf, cancellation));

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.GetMySlotsAsync(asOf, cancellation));

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.GetHostedSlotsAsync(slots, asOf, cancellation), hosted => hosted.Any(slot => slot is null));

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.ReserveSlotAsync(slot, cancellation));

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.FillSlotAsync(slot, proof, collateral, cancellation));

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.SubmitProofAsync(slot, period, proof, cancellation));

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        NoNull.Answer(Port, market.FreeSlotAsync(slot, cancellation));

    private static IObservable<T> NoObservable<T>([CallerMemberName] string member = "") =>
        Observable.Throw<T>(NoNull.Error(Port, "gives null in place of an observable", member));
}
