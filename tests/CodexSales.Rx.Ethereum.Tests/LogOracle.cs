using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>
/// Says by another way, slowly, whether a text says what an event says: the event is written back and compared.
/// </summary>
internal static class LogOracle
{
    public static void AssertSays(ReadOnlyMemory<byte> text, MarketEvent decoded)
    {
        using var json = JsonDocument.Parse(text);
        var log = json.RootElement;
        var isRemoved = log.TryGetProperty("removed", out var removed) && removed.GetBoolean();
        var happened = decoded is Reverted reverted ? reverted.Original : decoded;

        Assert.Equal(isRemoved, decoded is Reverted);
        Assert.Equal(Recording.Marketplace, Address.Parse(log.GetProperty("address").GetString()!.ToLowerInvariant()));
        Assert.Equal(LogText.DataOf(happened), log.GetProperty("data").GetString(), ignoreCase: true);
        Assert.Equal(
            LogText.TopicsOf(happened),
            $"[{string.Join(",", log.GetProperty("topics").EnumerateArray().Select(topic => topic.GetRawText()))}]",
            ignoreCase: true);
        Assert.Equal(Number(log.GetProperty("blockNumber")), happened.Block.Number);
        Assert.Equal(decoded.Block, happened.Block);
    }

    public static ulong Number(JsonElement quantity) =>
        ulong.Parse(quantity.GetString()![2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
