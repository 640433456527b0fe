using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Sqlite.Tests.Crashes;

/// <summary>The market of a <see cref="ChainFile"/>: questions go to the chain, transactions through the file.</summary>
internal sealed class FiledMarket(ChainFile file) : DelegatingMarket(file.Market)
{
    public override Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        file.SendAsync(new Sent("reserve", slot, 0));

    public override Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        file.SendAsync(new Sent("fill", slot, 0));

    // The proof of a period that has one already is that one.
    public override Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellation)
    {
        var sent = new Sent("prove", slot, period);
        return file.Transactions.TryGetValue(sent, out var before) ? before : file.SendAsync(sent);
    }

    public override Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        file.SendAsync(new Sent("free", slot, 0));
}
