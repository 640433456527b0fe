using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>One JSON object a line, for programs.</summary>
internal sealed class JsonLinesReport(TextWriter output) : ReplayReport(output)
{
    private static readonly JsonSerializerOptions _format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void QueueChanged(BlockStamp at, int count, ChangeSet<OpenSlot, SlotKey, QueueCause> changes) => Write(new
    {
        type = "queue",
        block = at.Number,
        time = at.Time.Value,
        version = changes.Version,
        count,
        changes = changes.Select(change => new
        {
            op = JsonWords.Of(change.Kind),
            cause = JsonWords.Of(change.Cause),
            requestId = change.Key.RequestId.ToString(),
            slotIndex = change.Key.SlotIndex,
            slotId = change.Key.SlotId.ToString(),
            position = change.PositionAfter,
            previousPosition = change.PositionBefore,
            seen = change.Item.IsDeferred,
        }),
    });

    public override void SaleStepped(BlockStamp at, SaleStep step) => Write(new
    {
        type = "sale",
        block = at.Number,
        time = at.Time.Value,
        requestId = step.Sale.Slot.RequestId.ToString(),
        slotIndex = step.Sale.Slot.SlotIndex,
        state = step.State.ToString(),
        reason = step.End is { } end ? JsonWords.Of(end.Reason) : null,
    });

    public override void Refused(BlockStamp at, Refusal refusal) => Write(new
    {
        type = "refused",
        block = at.Number,
        time = at.Time.Value,
        requestId = refusal.RequestId.ToString(),
        slotIndex = refusal.SlotIndex,
        reason = JsonWords.Of(refusal.Reason),
        detail = refusal.Detail,
    });

    public override void Ended(ReplaySummary summary)
    {
        var sales = summary.Sales;
        Write(new
        {
            type = "summary",
            events = summary.Recorded.Events,
            undecodable = summary.Recorded.UndecodableLogs,
            openSlots = summary.OpenSlots,
            queued = summary.Queued.Select(slot => new { requestId = slot.RequestId.ToString(), slotIndex = slot.SlotIndex }),
            sales = new
            {
                started = sales.Started,
                filled = sales.Filled,
                finished = sales.Finished,
                cancelled = sales.Cancelled,
                failed = sales.Failed,
                ignored = sales.Ignored,
                errored = sales.Errored,
            },
            maxConcurrentAcquisitions = sales.MostAcquisitions,
            earned = sales.Earned.ToString(),
            heldBytes = JsonNode.Parse(summary.HeldBytes.ToString()),
            heldCollateral = summary.HeldCollateral.ToString(),
        });
    }

    private void Write<T>(T line) => Line(JsonSerializer.Serialize(line, _format));
}
