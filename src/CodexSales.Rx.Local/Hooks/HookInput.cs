using System.Buffers;
using System.Text.Json;
using CodexSales.Rx.Local.Sources;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>The standard input of a hook: one JSON object on one line.</summary>
/// <remarks>This project's README explains each member. Numbers are text, so that no reader rounds them.</remarks>
internal static class HookInput
{
    public static byte[] Check() => "{\"hook\":\"check\"}\n"u8.ToArray();

    public static byte[] Store(SlotDownload download) => Line("store", download.Slot, json =>
    {
        json.WriteString("keepUntil", download.KeepUntil.ToString());
        json.WriteBoolean("isRepair", download.IsRepair);
        WriteRequest(json, download.Request);
    });

    public static byte[] KeepUntil(SlotKey slot, UnixSeconds until) =>
        Line("keepUntil", slot, json => json.WriteString("keepUntil", until.ToString()));

    public static byte[] Clear(SlotKey slot) => Line("clear", slot, _ => { });

    public static byte[] Prove(SlotKey slot, Bytes32 challenge) =>
        Line("prove", slot, json => json.WriteString("challenge", challenge.ToString()));

    private static byte[] Line(string hook, SlotKey slot, Action<Utf8JsonWriter> writeMore)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("hook", hook);
            json.WriteString("requestId", slot.RequestId.ToString());
            json.WriteString("slotIndex", Text(slot.SlotIndex));
            json.WriteString("slotId", slot.SlotId.ToString());
            writeMore(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private static void WriteRequest(Utf8JsonWriter json, StorageRequest request)
    {
        json.WriteStartObject("request");
        json.WriteString("client", request.Client.ToString());
        json.WriteString("cid", $"0x{Convert.ToHexStringLower(request.Cid.AsSpan())}");
        json.WriteString("cidText", CidText.Of(request.Cid));
        json.WriteString("merkleRoot", request.MerkleRoot.ToString());
        json.WriteString("expirySeconds", Text(request.ExpirySeconds));
        json.WriteString("nonce", request.Nonce.ToString());
        json.WriteStartObject("ask");
        json.WriteString("proofProbability", request.Ask.ProofProbability.ToString());
        json.WriteString("pricePerBytePerSecond", request.Ask.PricePerBytePerSecond.ToString());
        json.WriteString("collateralPerByte", request.Ask.CollateralPerByte.ToString());
        json.WriteString("slots", Text(request.Ask.Slots));
        json.WriteString("slotSizeBytes", Text(request.Ask.SlotSizeBytes));
        json.WriteString("durationSeconds", Text(request.Ask.DurationSeconds));
        json.WriteString("maxSlotLoss", Text(request.Ask.MaxSlotLoss));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
