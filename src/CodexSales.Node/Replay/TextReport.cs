using CodexSales.Node.Formatting;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>One line for each thing that happens, for people.</summary>
internal sealed class TextReport(TextWriter output) : ReplayReport(output)
{
    public override void QueueChanged(BlockStamp at, int count, ChangeSet<OpenSlot, SlotKey, QueueCause> changes)
    {
        foreach (var change in changes)
        {
            Tell(at, "queue", $"{Describe(change)} ({Words.Of(change.Cause)}), {count} queued");
        }
    }

    public override void SaleStepped(BlockStamp at, SaleStep step) => Tell(
        at,
        "sale",
        $"{step.Sale.Slot.ToShortString()} {Words.OfState(step.State)}" + (step.End is { } end ? $": {end.Detail}" : ""));

    public override void Refused(BlockStamp at, Refusal refusal) => Tell(
        at,
        "refused",
        refusal.SlotIndex is { } index
            ? $"{new SlotKey(refusal.RequestId, index)} ({Words.Of(refusal.Reason)}): {refusal.Detail}"
            : $"{refusal.RequestId.ToShortString()} ({Words.Of(refusal.Reason)}): {refusal.Detail}");

    public override void Ended(ReplaySummary summary)
    {
        var (recorded, sales) = (summary.Recorded, summary.Sales);
        Line("");
        Line($"Blocks read       {recorded.Blocks}");
        Line($"Events            {recorded.Events.Values.Sum()}");
        foreach (var (name, count) in recorded.Events)
        {
            Line($"  {name,-21} {count}");
        }

        Line($"Undecodable logs  {recorded.UndecodableLogs}");
        Line($"Other contracts'  {recorded.LogsOfOtherContracts}");
        Line($"Open slots        {summary.OpenSlots}");
        Line($"Queued            {summary.Queued.Length}");
        Line($"Sales             {sales.Started} started, {sales.Filled} filled, {sales.Finished} finished, "
            + $"{sales.Cancelled} cancelled, {sales.Failed} failed, {sales.Ignored} ignored, {sales.Errored} errored");
        Line($"Busy workers      {sales.MostAcquisitions} at most");
        Line($"Earned            {sales.Earned}");
        Line($"Still held        {summary.HeldBytes} bytes, {summary.HeldCollateral} collateral");
    }

    private static string Describe(Change<OpenSlot, SlotKey, QueueCause> change) => change.Kind switch
    {
        ChangeKind.Added => $"{change.Item} comes in at {change.PositionAfter}",
        ChangeKind.Updated => $"{change.Item} stays at {change.PositionAfter}",
        ChangeKind.Moved => $"{change.Item} moves from {change.PositionBefore} to {change.PositionAfter}",
        _ => $"{change.Item} leaves from {change.PositionBefore}",
    };

    private void Tell(BlockStamp at, string subject, string sentence)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds((long)Math.Min(at.Time.Value, RecordedChain.LastTime.Value));
        Line($"{time:yyyy-MM-dd HH:mm:ss}  block {at.Number,-6}  {subject,-7}  {sentence}");
    }
}
