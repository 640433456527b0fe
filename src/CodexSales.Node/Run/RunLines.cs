using CodexSales.Node.Formatting;
using CodexSales.Rx;
using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Run;

/// <summary>One line for each thing that happens, with its moment and what it is about.</summary>
/// <remarks>Threading: from any thread, which never waits for the output.</remarks>
internal sealed class RunLines(TextWriter output, IScheduler clock) : IAsyncDisposable
{
    private readonly LineQueue _lines = new(output);

    /// <param name="subject">One word for what the sentence is about.</param>
    public void Say(string subject, string sentence) => _lines.Add(
        string.Create(CultureInfo.InvariantCulture, $"{clock.Now:yyyy-MM-dd HH:mm:ss}  {subject,-7}  {sentence}"));

    /// <summary>Tells of the sales, the transactions and the troubles of a host.</summary>
    public IDisposable Follow(ISalesHost host) => new CompositeDisposable(
        host.Recovered.Subscribe(Tell),
        host.Steps.Where(step => step.End is null).Subscribe(step => Tell(step.Sale, Describe(step))),
        host.Ends.Subscribe(ended => Tell(ended.Step.Sale, Describe(ended))),
        host.Transactions.Subscribe(Tell),
        host.Troubles.Subscribe(trouble => Say("trouble", trouble.Error.Message)));

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private void Tell(Sale sale, string what) => Say("sale", $"{sale.Number} {sale.Slot.ToShortString()} {what}");

    private void Tell(TransactionNotice notice) =>
        Say("sent", notice.Hash is { } hash ? $"{notice.Detail} ({hash})" : notice.Detail);

    private void Tell(RecoveredSale recovered) => Tell(
        recovered.Sale,
        $"goes on as {Words.Of(recovered.Next)}; "
            + (recovered.Remembered is { } state
                ? $"it was {Words.Of(state)} when the last run ended."
                : "only the chain knew of it."));

    private static string Describe(SaleStep step)
    {
        var state = Words.OfState(step.State);
        var terms = step.Sale.Terms;
        return step switch
        {
            { State: SaleStateName.SalePreparing } =>
                $"{state}: {Figures.Bytes(terms.Ask.SlotSizeBytes)} for {Figures.Span(terms.Ask.DurationSeconds)} "
                    + $"at a reward of {terms.Reward}, of request {step.Sale.Slot.RequestId}",
            { MissedProofs: > 0 } => $"{state}: {step.MissedProofs} proofs are missed, which costs collateral",
            _ => state,
        };
    }

    private static string Describe(EndedSale ended) => ended.Step.End is { } end
        ? $"{Words.OfState(ended.Step.State)}: {end.Detail} Earned {end.Earned}{Lost(end)}{Spent(ended.SpentWei)}."
        : "";

    private static string Spent(UInt256 wei) => wei == UInt256.Zero ? "" : $", spent {EtherAmount.Ether(wei)} on gas";

    private static string Lost(SaleEnd end) =>
        end.CollateralLost == UInt256.Zero ? "" : $", lost {end.CollateralLost} of the collateral";
}
