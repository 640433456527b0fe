using System.Text.Json;
using CodexSales.Node.Formatting;
using CodexSales.Rx.Ethereum.Codecs;

namespace CodexSales.Node.Remote;

/// <summary>What a node answers, as people read it.</summary>
internal static class Answers
{
    private const int ShortId = 10;

    public static string Text(this JsonElement answer, string name) => answer.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        var value => $"{value}",
    };

    public static IEnumerable<JsonElement> Items(this JsonElement page) => page.GetProperty("items").EnumerateArray();

    public static bool IsNull(this JsonElement answer, string name) => answer.GetProperty(name).ValueKind is JsonValueKind.Null;

    public static string Bytes(this JsonElement answer, string name) => Figures.Bytes(
        (ulong)UInt128.Min(UInt128.Parse(answer.Text(name), CultureInfo.InvariantCulture), ulong.MaxValue));

    public static string Tokens(this JsonElement answer, string name) => Figures.Tokens(UInt256.Parse(answer.Text(name)));

    public static string Ether(this JsonElement answer, string name) =>
        answer.IsNull(name) ? "" : EtherAmount.Ether(UInt256.Parse(answer.Text(name)));

    public static string Span(this JsonElement answer, string name) => Figures.Span(
        answer.GetProperty(name).TryGetUInt64(out var seconds) ? seconds : (ulong)Math.Clamp(answer.GetProperty(name).GetDouble(), 0, long.MaxValue));

    /// <summary>A moment as "2026-01-31 12:00:05".</summary>
    public static string Time(this JsonElement answer, string name) =>
        answer.IsNull(name) ? "" : answer.GetProperty(name).Text("iso").Replace('T', ' ').TrimEnd('Z');

    /// <summary>A slot as "0x1234abcd…/3".</summary>
    public static string Slot(this JsonElement row)
    {
        var request = row.Text("requestId");
        return $"{request[..Math.Min(ShortId, request.Length)]}…/{row.Text("slotIndex")}";
    }

    /// <summary>A name of the code as words: "priceTooLow" is "price too low".</summary>
    public static string Words(this JsonElement answer, string name) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(answer.Text(name)).Replace('-', ' ');
}
