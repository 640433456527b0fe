using CodexSales.Node.Formatting;
using CodexSales.Rx;
using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Run;

/// <summary>One line for each thing that happens, with its moment and what it is about.</summary>
/// <remarks>Threading: from any thread, which never waits for the output.</remarks>
internal sealed class RunLines(TextWriter output, IScheduler clock) : IAsyncDisposable
{
    private readonly LineQueue _lines = new(output);
    private readonly GasBook _gas = new();

    /// <param name="subject">One word for what the sentence is about.</param>
    public void Say(string subject, string sentence) => _lines.Add(
        string.Create(CultureInfo.InvariantCulture, $"{clock.Now:yyyy-MM-dd HH:mm:ss}  {subject,-7}  {sentence}"));

    /// <summary>Takes up the gas that an earlier run paid for each slot, in wei.</summary>
    public void Recall(IReadOnlyDictionary<SlotKey, UInt256> spent) => _gas.Recall(spent);

    public void Tell(SaleStep step) => Say("sale", $"{step.Sale.Number} {step.Sale.Slot.ToShortString()} {Describe(step)}");

    public void Tell(TransactionNotice notice)
    {
        _gas.Note(notice);
        Say("sent", notice.Hash is { } hash ? $"{notice.Detail} ({hash})" : notice.Detail);
    }

    public void Tell(RecoveredSale recovered) => Say(
        "sale",
        $"{recovered.Sale.Number} {recovered.Sale.Slot.ToShortString()} goes on as {Words.Of(recovered.Next)}; "
            + (recovered.Remembered is { } state
                ? $"it was {Words.Of(state)} when the last run ended."
                : "only the chain knew of it."));

    public void Tell(SaleTrouble trouble) => Say("trouble", trouble.Error.Message);

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private string Describe(SaleStep step)
    {
        var state = Words.OfState(step.State);
        var terms = step.Sale.Terms;
        return step switch
        {
            { End: { } end } => $"{state}: {end.Detail} Earned {end.Earned}{Lost(end)}{Spent(step.Sale.Slot)}.",
            { State: SaleStateName.SalePreparing } =>
                $"{state}: {Figures.Bytes(terms.Ask.SlotSizeBytes)} for {Figures.Span(terms.Ask.DurationSeconds)} "
                    + $"at a reward of {terms.Reward}, of request {step.Sale.Slot.RequestId}",
            { MissedProofs: > 0 } => $"{state}: {step.MissedProofs} proofs are missed, which costs collateral",
            _ => state,
        };
    }

    private string Spent(SlotKey slot) =>
        _gas.Close(slot) is var wei && wei == UInt256.Zero ? "" : $", spent {EtherAmount.Ether(wei)} on gas";

    private static string Lost(SaleEnd end) =>
        end.CollateralLost == UInt256.Zero ? "" : $", lost {end.CollateralLost} of the collateral";
}
