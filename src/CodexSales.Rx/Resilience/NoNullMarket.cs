using System.Runtime.CompilerServices;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Resilience;

internal sealed class NoNullMarket(IMarket market) : IMarket
{
    private const string Port = nameof(IMarket);

    public Address Host => market.Host;

    public IObservable<MarketEvent> Events => (market.Events ?? NoObservable<MarketEvent>())
        .Select(told => told ?? throw NoNull.Error(Port, "tells of null"));

    public IObservable<BlockStamp> Heads => market.Heads ?? NoObservable<BlockStamp>();

    public IObservable<BlockStamp> FinalHeads => market.FinalHeads ?? NoObservable<BlockStamp>();

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.GetRulesAsync(cancellationToken));

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.GetSlotAsync(slot, asOf, cancellationToken));

    public Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.GetOfferAsync(slot, asOf, cancellationToken));

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.GetMySlotsAsync(asOf, cancellationToken));

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken) =>
        NoNull.Answer(
            Port, market.GetHostedSlotsAsync(slots, asOf, cancellationToken), hosted => hosted.Any(slot => slot is null));

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.ReserveSlotAsync(slot, cancellationToken));

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.FillSlotAsync(slot, proof, collateral, cancellationToken));

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.SubmitProofAsync(slot, period, proof, cancellationToken));

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellationToken) =>
        NoNull.Answer(Port, market.FreeSlotAsync(slot, cancellationToken));

    private static IObservable<T> NoObservable<T>([CallerMemberName] string member = "") =>
        Observable.Throw<T>(NoNull.Error(Port, "gives null in place of an observable", member));
}
