using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>A transaction to the contract that is in a block.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="Function">The function, without its parameters.</param>
/// <param name="Slot">The slot that it is about.</param>
/// <param name="At">The time of its block.</param>
/// <param name="HasSucceeded">Whether it did something; if not, the contract refused it.</param>
/// <param name="Hash">The transaction.</param>
internal sealed record ChainTransaction(
    Address From, string Function, SlotId Slot, UnixSeconds At, bool HasSucceeded, string Hash)
{
    private const int SelectorLength = 10;

    private static readonly Groth16Proof SomeProof = DeployedMarketplace.Proof;

    private static readonly Dictionary<string, string> Functions = new()
    {
        [SelectorOf(MarketplaceCalls.ReserveSlot(default))] = "reserveSlot",
        [SelectorOf(MarketplaceCalls.FillSlot(default, SomeProof))] = "fillSlot",
        [SelectorOf(MarketplaceCalls.SubmitProof(default, SomeProof))] = "submitProof",
        [SelectorOf(MarketplaceCalls.FreeSlot(default))] = "freeSlot",
        [SelectorOf(MarketplaceCalls.MarkProofAsMissing(default, 0))] = "markProofAsMissing",
    };

    /// <summary>Whether it is like another one but for the time: the same again.</summary>
    public (string Function, SlotId Slot, ulong? Period) What(ulong periodSeconds) =>
        (Function, Slot, Function == "submitProof" ? At.Value / periodSeconds : null);

    /// <summary>What hosts and validators sent to the contract, in the order of the block.</summary>
    /// <param name="block">A block with whole transactions.</param>
    /// <param name="receipts">The receipts of the same block.</param>
    public static IEnumerable<ChainTransaction> ReadAll(JsonElement block, JsonElement receipts)
    {
        var at = new UnixSeconds(Number(block.GetProperty("timestamp").GetString()));
        return block.GetProperty("transactions").EnumerateArray().Zip(receipts.EnumerateArray())
            .Select(pair => Read(pair.First, at, pair.Second.GetProperty("status").GetString() == "0x1"))
            .OfType<ChainTransaction>();
    }

    /// <summary>What hosts and validators sent to the contract in the blocks of a node from one to another.</summary>
    public static async Task<IReadOnlyList<ChainTransaction>> ReadAllAsync(AnvilNode node, ulong from, ulong to)
    {
        List<ChainTransaction> sent = [];
        for (var number = from; number <= to; number++)
        {
            var answers = await node.Rpc.CallAllAsync(
                ("eth_getBlockByNumber", [Quantity.Of(number), true]),
                ("eth_getBlockReceipts", [Quantity.Of(number)]));
            sent.AddRange(ReadAll(answers[0], answers[1]));
        }

        return sent;
    }

    private static ChainTransaction? Read(JsonElement transaction, UnixSeconds at, bool hasSucceeded)
    {
        var input = transaction.GetProperty("input").GetString()!;
        if (input.Length < SelectorLength || !Functions.TryGetValue(input[..SelectorLength], out var function))
        {
            return null;
        }

        var words = Convert.FromHexString(input.AsSpan(SelectorLength)).Chunk(Bytes32.Size).ToArray();
        var slot = function is "reserveSlot" or "fillSlot"
            ? SlotId.Of(new RequestId(new Bytes32(words[0])), (ulong)UInt256.FromBigEndian(words[1]))
            : new SlotId(new Bytes32(words[0]));
        return new ChainTransaction(
            Address.Parse(transaction.GetProperty("from").GetString()),
            function,
            slot,
            at,
            hasSucceeded,
            transaction.GetProperty("hash").GetString()!);
    }

    private static string SelectorOf(CallData call) => call.ToString()[..SelectorLength];

    private static ulong Number(string? text) =>
        ulong.Parse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
