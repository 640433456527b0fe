using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>One JSON object a line, for programs.</summary>
internal sealed class JsonLinesReport(TextWriter output) : IReplayReport, IDisposable
{
    // Written in pieces of about this size, and not for each block.
    private const int PieceBytes = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _lines = new(2 * PieceBytes);
    private readonly Utf8JsonWriter _json = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void QueueChanged(BlockStamp at, int count, ChangeSet<OpenSlot, SlotKey, QueueCause> changes)
    {
        Begin("queue", at);
        _json.WriteNumber("version", changes.Version);
        _json.WriteNumber("count", count);
        _json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            Write(change);
        }

        _json.WriteEndArray();
        End();
    }

    public void SaleStepped(BlockStamp at, SaleStep step)
    {
        Begin("sale", at);
        WriteSlot(step.Sale.Slot.RequestId, step.Sale.Slot.SlotIndex);
        _json.WriteString("state", step.State.ToString());
        if (step.End is { } end)
        {
            _json.WriteString("reason", JsonWords.Of(end.Reason));
        }
        else
        {
            _json.WriteNull("reason");
        }

        End();
    }

    public void Refused(BlockStamp at, Refusal refusal)
    {
        Begin("refused", at);
        WriteSlot(refusal.RequestId, refusal.SlotIndex);
        _json.WriteString("reason", JsonWords.Of(refusal.Reason));
        _json.WriteString("detail", refusal.Detail);
        End();
    }

    public void Ended(ReplaySummary summary)
    {
        BeginLine("summary");
        WriteCounts("events", summary.Recorded.Events);
        _json.WriteNumber("undecodable", summary.Recorded.UndecodableLogs);
        _json.WritePropertyName("openSlots");
        _json.WriteRawValue(summary.OpenSlots.ToString(CultureInfo.InvariantCulture));
        _json.WriteStartArray("queued");
        foreach (var slot in summary.Queued)
        {
            _json.WriteStartObject();
            WriteSlot(slot.RequestId, slot.SlotIndex);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        WriteCounts("sales", CountsOf(summary.Sales));
        _json.WriteNumber("maxConcurrentAcquisitions", summary.Sales.MostAcquisitions);
        _json.WriteString("earned", summary.Sales.Earned.ToString());
        _json.WritePropertyName("heldBytes");
        _json.WriteRawValue(summary.HeldBytes.ToString());
        _json.WriteString("heldCollateral", summary.HeldCollateral.ToString());
        End();
    }

    public void Flush()
    {
        if (_lines.WrittenCount >= PieceBytes)
        {
            WriteOut();
        }
    }

    public void WriteOut()
    {
        output.Write(Encoding.UTF8.GetString(_lines.WrittenSpan));
        output.Flush();
        _lines.ResetWrittenCount();
    }

    public void Dispose() => _json.Dispose();

    private static IEnumerable<KeyValuePair<string, long>> CountsOf(SalesTally sales) =>
    [
        new("started", sales.Started), new("filled", sales.Filled), new("finished", sales.Finished),
        new("cancelled", sales.Cancelled), new("failed", sales.Failed), new("ignored", sales.Ignored),
        new("errored", sales.Errored),
    ];

    private void Write(Change<OpenSlot, SlotKey, QueueCause> change)
    {
        _json.WriteStartObject();
        _json.WriteString("op", JsonWords.Of(change.Kind));
        _json.WriteString("cause", JsonWords.Of(change.Cause));
        WriteSlot(change.Key.RequestId, change.Key.SlotIndex);
        _json.WriteString("slotId", change.Key.SlotId.ToString());
        _json.WriteNumber("position", change.PositionAfter);
        _json.WriteNumber("previousPosition", change.PositionBefore);
        _json.WriteBoolean("seen", change.Item.IsDeferred);
        _json.WriteEndObject();
    }

    private void WriteSlot(RequestId request, ulong? slotIndex)
    {
        _json.WriteString("requestId", request.ToString());
        if (slotIndex is { } index)
        {
            _json.WriteNumber("slotIndex", index);
        }
        else
        {
            _json.WriteNull("slotIndex");
        }
    }

    private void WriteCounts(string name, IEnumerable<KeyValuePair<string, long>> counts)
    {
        _json.WriteStartObject(name);
        foreach (var (key, count) in counts)
        {
            _json.WriteNumber(key, count);
        }

        _json.WriteEndObject();
    }

    private void Begin(string type, BlockStamp at)
    {
        BeginLine(type);
        _json.WriteNumber("block", at.Number);
        _json.WriteNumber("time", at.Time.Value);
    }

    private void BeginLine(string type)
    {
        _json.Reset(_lines);
        _json.WriteStartObject();
        _json.WriteString("type", type);
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _lines.Write("\n"u8);
    }
}
