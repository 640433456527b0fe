using System.Diagnostics;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Testing.Chain;

namespace CodexSales.Rx.Hosting;

/// <summary>A market to which nothing is sent: a sale ends where it would send its first transaction.</summary>
/// <remarks>Slots that the account hosts already are left alone.</remarks>
internal sealed class DryMarket(IMarket market) : DelegatingMarket(market)
{
    public static HostedMarket Of(HostedMarket market) => market with { Market = new DryMarket(market.Market) };

    public override Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SlotId>>([]);

    public override Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        Task.FromResult<TransactionOutcome>(new TransactionRefused(
            MarketRefusal.Other, "A dry run ends here: the slot would be reserved now."));

    public override Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        throw NothingIsReserved();

    public override Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation) => throw NothingIsReserved();

    public override Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        throw NothingIsReserved();

    private static UnreachableException NothingIsReserved() => new("No sale of a dry run gets beyond its reservation.");
}

/// <summary>Storage and prover of a dry run, which comes to neither data nor proofs.</summary>
internal sealed class DryPorts : ISlotStorage, IProver
{
    public IObservable<ulong> Store(SlotDownload download) =>
        Observable.Throw<ulong>(new UnreachableException("A dry run stores nothing."));

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        throw new UnreachableException("A dry run stores nothing.");

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) => Task.CompletedTask;

    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        throw new UnreachableException("A dry run proves nothing.");
}

/// <summary>An account for which nothing is signed, and a journal of nothing.</summary>
internal sealed class DryAccount(Address account) : ISigner, ITransactionJournal
{
    public Address Account => account;

    public Task<string?> FindFaultAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

    public Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellation) =>
        throw new UnreachableException("A dry run signs nothing.");

    public Task<IReadOnlyList<JournalEntry>> LoadAsync(
        SendingAccount sender, DateTimeOffset endedSince, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<JournalEntry>>([]);

    public Task NoteAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset endedSince, CancellationToken cancellation) =>
        throw new UnreachableException("A dry run sends nothing.");
}
