using System.Text.Json;

namespace CodexSales.Rx.Tests.Domain;

/// <summary>
/// What the unmodified contract said, from the recording: ids and requests that are right by definition.
/// </summary>
internal static class Recording
{
    /// <summary>Signature and topic of each of the contract's events.</summary>
    public static IReadOnlyDictionary<string, string> EventTopics => Names("eventTopics");

    /// <summary>Signature and selector of each of the contract's functions and errors.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Selectors =>
        Names("functionSelectors").Concat(Names("errorSelectors"));

    /// <summary>The id that was asked for and the request that the contract gave, for each <c>getRequest</c>.</summary>
    public static IEnumerable<(RequestId Id, StorageRequest Request)> Requests()
    {
        using var calls = Open("calls.json");
        foreach (var call in calls.RootElement.EnumerateArray())
        {
            if (call.GetProperty("function").ValueEquals("getRequest"u8)
                && call.GetProperty("decoded").ValueKind == JsonValueKind.Array)
            {
                // The call is 4 bytes of selector, then the id.
                var data = call.GetProperty("request").GetProperty("params")[0].GetProperty("data").GetString()!;
                yield return (RequestId.Parse("0x" + data[10..]), ToRequest(call.GetProperty("decoded")[0]));
            }
        }
    }

    /// <summary>The slot id of each first proof, and the slot that the same transaction filled.</summary>
    public static IEnumerable<(SlotId Proven, SlotKey Filled)> Fills()
    {
        var (proof, filled) = (EventTopics["ProofSubmitted(bytes32)"], EventTopics["SlotFilled(bytes32,uint64)"]);
        SlotId? proven = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recording", "logs.jsonl")))
        {
            using var log = JsonDocument.Parse(line);
            var topics = log.RootElement.GetProperty("topics");
            var data = log.RootElement.GetProperty("data").GetString()!;
            if (topics[0].GetString() == proof)
            {
                proven = SlotId.Parse(data);
            }
            else if (topics[0].GetString() == filled)
            {
                var index = Convert.ToUInt64(data, 16);
                yield return (proven!.Value, new SlotKey(RequestId.Parse(topics[1].GetString()), index));
            }
        }
    }

    private static StorageRequest ToRequest(JsonElement request)
    {
        var (ask, content) = (request[1], request[2]);
        return new StorageRequest
        {
            Client = Address.Parse(request[0].GetString()),
            Ask = new StorageAsk
            {
                ProofProbability = UInt256.Parse(ask[0].GetString()),
                PricePerBytePerSecond = UInt256.Parse(ask[1].GetString()),
                CollateralPerByte = UInt256.Parse(ask[2].GetString()),
                Slots = (ulong)UInt256.Parse(ask[3].GetString()),
                SlotSizeBytes = (ulong)UInt256.Parse(ask[4].GetString()),
                DurationSeconds = (ulong)UInt256.Parse(ask[5].GetString()),
                MaxSlotLoss = (ulong)UInt256.Parse(ask[6].GetString()),
            },
            Cid = [.. Convert.FromHexString(content[0].GetString()!.AsSpan(2))],
            MerkleRoot = Bytes32.Parse(content[1].GetString()),
            ExpirySeconds = (ulong)UInt256.Parse(request[3].GetString()),
            Nonce = Bytes32.Parse(request[4].GetString()),
        };
    }

    private static Dictionary<string, string> Names(string section)
    {
        using var summary = Open("summary.json");
        return summary.RootElement.GetProperty(section).EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
    }

    private static JsonDocument Open(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recording", name)));
}
