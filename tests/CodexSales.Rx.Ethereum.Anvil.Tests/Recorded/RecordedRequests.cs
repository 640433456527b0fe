using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

/// <summary>
/// The requests of the recording, made again. An event does not tell the content: where no recorded answer does, the
/// request made here differs in its content, and so in its ids, which are then put in place of each other.
/// </summary>
internal sealed class RecordedRequests
{
    private const int WordDigits = 64;
    private const string TupleOffset = "0000000000000000000000000000000000000000000000000000000000000020";
    private const int SlotsTranslated = 10;

    private readonly Dictionary<string, string> _encodings = [];
    private readonly List<(string Recorded, string Ours)> _ids = [];

    public RecordedRequests()
    {
        foreach (var call in RecordedRun.Calls.SelectMany(calls => calls))
        {
            // getRequest answers with what is hashed; getActiveSlot with the same after two words of its own.
            var wordsBefore = call.Data[..10] switch
            {
                "0xfb1e61ca" => 1,
                "0xb396dc79" => 3,
                _ => 0,
            };
            if (wordsBefore > 0 && call.Answer.StartsWith("0x", StringComparison.Ordinal))
            {
                var encoding = TupleOffset + call.Answer[(2 + (wordsBefore * WordDigits))..];
                _encodings[Digits(new RequestId(Keccak256.Hash(Convert.FromHexString(encoding))))] = encoding;
            }
        }
    }

    /// <summary>The call that asks for the storage of which a recorded event tells.</summary>
    public string ToCall(ContractLog requested, Address client, UnixSeconds at)
    {
        var words = requested.Data[2..].Chunk(WordDigits).Select(digits => new string(digits)).ToList();
        if (_encodings.TryGetValue(words[0], out var encoding))
        {
            return CallData.Of(MarketplaceCalls.RequestStorageSignature) + encoding;
        }

        var request = new StorageRequest
        {
            Client = client,
            Ask = AskOf([.. words[1..8].Select(Number)]),
            Cid = [1],
            MerkleRoot = default,
            ExpirySeconds = (ulong)Number(words[8]) - at.Value,
            Nonce = Keccak256.Hash(Convert.FromHexString(words[0])),
        };
        Translate(RequestId.Parse($"0x{words[0]}"), RequestId.Of(request));
        return MarketplaceCalls.RequestStorage(request).ToString();
    }

    /// <summary>Puts our ids in the place of recorded ones.</summary>
    public string ToOurs(string text) => _ids.Aggregate(
        text, (done, id) => done.Replace(id.Recorded, id.Ours, StringComparison.Ordinal));

    /// <summary>Puts recorded ids in the place of ours.</summary>
    public string ToRecorded(string text) => _ids.Aggregate(
        text, (done, id) => done.Replace(id.Ours, id.Recorded, StringComparison.Ordinal));

    private void Translate(RequestId recorded, RequestId ours)
    {
        _ids.Add((Digits(recorded), Digits(ours)));
        for (ulong index = 0; index < SlotsTranslated; index++)
        {
            _ids.Add((SlotId.Of(recorded, index).ToString()[2..], SlotId.Of(ours, index).ToString()[2..]));
        }
    }

    private static StorageAsk AskOf(IReadOnlyList<UInt256> words) => new()
    {
        ProofProbability = words[0],
        PricePerBytePerSecond = words[1],
        CollateralPerByte = words[2],
        Slots = (ulong)words[3],
        SlotSizeBytes = (ulong)words[4],
        DurationSeconds = (ulong)words[5],
        MaxSlotLoss = (ulong)words[6],
    };

    private static UInt256 Number(string digits) => UInt256.FromBigEndian(Convert.FromHexString(digits));

    private static string Digits(RequestId id) => id.ToString()[2..];
}
