using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Abi;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Tests.Transactions;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>
/// As much of the contract and its token as transactions need, on a fake node: one request of four slots, an allowance
/// that approvals set and fills use up.
/// </summary>
internal sealed class FakeMarketplace
{
    public const string Approve = "0x095ea7b3";
    public const string Fill = "0x1d873c1b";
    public const string Free = "0xa29c29a4";
    public const string FreeTo = "0x0aefaabe";

    private const string CanReserve = "0xd02bbe33";
    private const string Transfer = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    public static readonly Address Token = Address.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3");

    // Of a slot that nobody has filled.
    private static readonly HashSet<string> _views =
    [
        .. new[]
        {
            MarketplaceFunctions.SlotState, MarketplaceFunctions.GetHost, MarketplaceFunctions.CurrentCollateral,
            MarketplaceFunctions.MissingProofs, MarketplaceFunctions.IsProofRequired,
            MarketplaceFunctions.WillProofBeRequired, MarketplaceFunctions.GetPointer,
            MarketplaceFunctions.GetChallenge,
        }.Select(function => $"0x{Convert.ToHexStringLower(function.GetSelector())}"),
    ];

    private readonly FakeNode _node;

    public FakeMarketplace(FakeNode node)
    {
        _node = node;
        node.Instead = asked => Unavailable(asked) ?? (asked.Method == "eth_call" ? Answer(asked) : null);
        node.Revert = (data, block) => block is "head" or "" ? WhyNot(data) : Reverts(data) ? "0xff556acf" : null;
        node.Logs = Payout;
    }

    /// <summary>The one request that there is: known by its id to the contract.</summary>
    public static RequestId Request { get; } = new(RecordedCalls.Argument(RecordedCalls.CallDataOf(Recorded)!, 0));

    /// <summary>What is answered in place of anything else; null lets the contract answer.</summary>
    public Func<RpcRequest, RpcReply?> Unavailable { get; set; } = _ => null;

    public Dictionary<SlotKey, UInt256> Collateral { get; } = [];

    /// <summary>Why the contract does not do what it is sent, by its data: a selector of an error.</summary>
    public Func<string, string?> Refusal { get; set; } = _ => null;

    /// <summary>What reverts in its block, though nothing was said against it before.</summary>
    public Func<string, bool> Reverts { get; set; } = _ => false;

    public (UInt256 Reward, UInt256 Collateral)? Pays { get; set; } = (70, 30);

    /// <summary>How many transfers a freed slot takes, where it pays.</summary>
    public int Transfers { get; set; } = 2;

    /// <summary>What was approved, in order.</summary>
    public IEnumerable<UInt256> Approvals => Sent(Approve).Select(data => Number(data, 1));

    public IEnumerable<string> SelectorsMined => _node.Mined.Select(mined => DataOf(mined)[..10]);

    /// <summary>What is left of the allowance, by the transactions that are in blocks.</summary>
    public UInt256 Allowance => _node.Mined.Select(DataOf).Aggregate(UInt256.Zero, (left, data) => data[..10] switch
    {
        _ when Reverts(data) => left,
        Approve => Number(data, 1),
        Fill => left - CollateralOf(data),
        _ => left,
    });

    private static System.Text.Json.JsonElement Recorded => RecordedCalls.Calls.First(call =>
        call.GetProperty("function").GetString() == "getRequest"
        && call.GetProperty("response").TryGetProperty("result", out _));

    private IEnumerable<string> Sent(string selector) =>
        _node.Mined.Select(DataOf).Where(data => data.StartsWith(selector, StringComparison.Ordinal));

    private RpcReply? Answer(RpcRequest asked)
    {
        var data = Replies.CallDataOf(asked);
        return !_node.Knows(asked) ? null : data[..10] switch
        {
            var selector when _views.Contains(selector) => Word("0"),
            CanReserve => Word("1"),
            "0xfc0c546a" => Word(Token.ToString()[2..]),
            "0x6c70bee9" => Replies.Text(RecordedCalls.Calls
                .First(call => call.GetProperty("function").GetString() == "configuration")
                .GetProperty("response").GetProperty("result").GetString()!),
            "0xfb1e61ca" => new RequestId(RecordedCalls.Argument(data, 0)) == Request
                ? Replies.Of(Recorded.GetProperty("response"))
                : Replies.Revert("0xbdd64a7a"),
            "0x05b90773" => Word("0"),
            "0xdd62ed3e" => Word(NodeQuestions.Quantity(Allowance)[2..]),
            "0x70a08231" => Word("7b"),
            _ => null,
        };
    }

    private string? WhyNot(string data) => Refusal(data) ?? (data.StartsWith(Fill, StringComparison.Ordinal)
        && Allowance < CollateralOf(data)
            ? $"0xfb8f41b2{new string('0', 64)}{NodeQuestions.Quantity(Allowance)[2..].PadLeft(64, '0')}"
                + NodeQuestions.Quantity(CollateralOf(data))[2..].PadLeft(64, '0')
            : null);

    private UInt256 CollateralOf(string data) => Collateral[
        new SlotKey(new RequestId(RecordedCalls.Argument(data, 0)), RecordedCalls.Number(data, 1))];

    private string Payout(UnsignedTransaction transaction) =>
        DataOf(transaction)[..10] is Free or FreeTo && Pays is { } pays
            ? $"[{string.Join(',', Enumerable.Range(0, Transfers).Select(
                number => TransferOf(number == 0 ? pays.Reward : pays.Collateral)))}]"
            : "[]";

    private static string TransferOf(UInt256 amount) =>
        $$"""
        {"address":"{{Token}}","topics":["{{Transfer}}","0x{{Padded(Recording.Marketplace)}}",
        "0x{{Padded(TransactionBench.Account)}}"],"data":"0x{{NodeQuestions.Quantity(amount)[2..].PadLeft(64, '0')}}"}
        """;

    private static string Padded(Address address) => address.ToString()[2..].PadLeft(64, '0');

    private static UInt256 Number(string data, int index)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        RecordedCalls.Argument(data, index).CopyTo(word);
        return UInt256.FromBigEndian(word);
    }

    private static string DataOf(UnsignedTransaction transaction) => NodeQuestions.Bytes(transaction.Data.AsSpan());

    private static RpcResult Word(string digits) => Replies.Text($"0x{digits.PadLeft(64, '0')}");
}
