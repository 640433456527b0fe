using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>The logs that a node gave, against what it said of them elsewhere.</summary>
public sealed class RecordedLogsTests
{
    private static readonly List<DecodedLog> _decoded = [.. Recording.Logs.Select(Decode)];

    private static IEnumerable<MarketEvent> Events => _decoded.Select(log => log.Event).OfType<MarketEvent>();

    [Fact]
    public void Each_event_is_there_as_often_as_it_was_counted()
    {
        using var summary = Recording.Open("summary.json");
        var counted = summary.RootElement.GetProperty("byEvent").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
        var others = counted["Transfer"] + counted["Approval"];
        counted.Remove("Transfer");
        counted.Remove("Approval");

        Assert.Equal(counted, Events.CountBy(happened => happened.GetType().Name).ToDictionary());
        Assert.Equal(others, _decoded.Count(log => log.Kind == DecodedLogKind.OfAnotherContract));
        Assert.DoesNotContain(_decoded, log => log.Kind == DecodedLogKind.Undecodable);
    }

    [Fact]
    public void The_requests_are_those_that_were_made_in_their_blocks()
    {
        var seen = Events.OfType<StorageRequested>()
            .ToDictionary(asked => asked.RequestId.ToString(), asked => asked.Block.Number);
        using var requests = Recording.Open("requests.json");
        var made = requests.RootElement.EnumerateObject()
            .Where(entry => entry.Value.TryGetProperty("block", out _))
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetProperty("block").GetUInt64());

        Assert.Equal(48, made.Count);
        Assert.All(made, request => Assert.Equal(request.Value, seen[request.Key]));
        Assert.All(seen.Keys, id => Assert.True(requests.RootElement.TryGetProperty(id, out _)));
    }

    [Fact]
    public void The_asks_are_those_that_the_contract_keeps()
    {
        var asked = Events.OfType<StorageRequested>().ToDictionary(asked => asked.RequestId.ToString());
        using var calls = Recording.Open("calls.json");
        var kept = calls.RootElement.EnumerateArray()
            .Where(call => call.GetProperty("function").ValueEquals("getRequest"u8))
            .Where(call => call.GetProperty("decoded").ValueKind == JsonValueKind.Array)
            .ToDictionary(
                call => AskedFor(call.GetProperty("request").GetProperty("params")[0].GetProperty("data").GetString()!),
                call => call.GetProperty("decoded")[0]);

        Assert.Equal(7, kept.Count);
        Assert.All(kept, request =>
        {
            var seen = asked[request.Key];
            var expiry = ulong.Parse(request.Value[3].GetString()!, System.Globalization.CultureInfo.InvariantCulture);

            Assert.Equal(request.Value[1].EnumerateArray().Select(number => number.GetString()), Numbers(seen.Ask));
            Assert.Equal(seen.Block.Time.Plus(expiry), seen.ExpiresAt);
        });
    }

    [Fact]
    public void Each_fill_proved_the_slot_that_it_filled()
    {
        var pairs = Events.Zip(Events.Skip(1)).Where(pair => pair.Second is SlotFilled).ToList();

        Assert.Equal(24, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal(
            Assert.IsType<ProofSubmitted>(pair.First).SlotId, ((SlotFilled)pair.Second).Slot.SlotId));
    }

    [Fact]
    public void Logs_come_in_the_order_of_the_chain() => Assert.Equal(
        _decoded.Select(log => (log.Block.Number, log.LogIndex)).Order(),
        _decoded.Select(log => (log.Block.Number, log.LogIndex)));

    [Fact]
    public void Each_event_is_written_back_as_it_was_read() => Assert.All(Recording.Logs.Zip(_decoded), pair =>
    {
        if (pair.Second.Event is { } happened)
        {
            LogOracle.AssertSays(pair.First, happened);
        }
    });

    private static DecodedLog Decode(byte[] line)
    {
        Assert.True(LogEntry.TryRead(line, out var log, out var problem), problem);
        return new MarketplaceLogDecoder(Recording.Marketplace).Decode(in log, log.BlockTime!.Value);
    }

    // The call is 4 bytes of selector, then the id.
    private static string AskedFor(string callData) => "0x" + callData[10..];

    private static string[] Numbers(StorageAsk ask) =>
    [
        $"{ask.ProofProbability}", $"{ask.PricePerBytePerSecond}", $"{ask.CollateralPerByte}", $"{ask.Slots}",
        $"{ask.SlotSizeBytes}", $"{ask.DurationSeconds}", $"{ask.MaxSlotLoss}",
    ];
}
