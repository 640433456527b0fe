using System.Reactive;
using System.Reactive.Linq;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Calls;

/// <summary>As of which block a contract is asked, of nodes that take that in different ways.</summary>
public sealed class ContractCallerTests
{
    private static readonly ContractCall _call = new(
        default, Recording.Marketplace, MarketplaceFunctions.MySlots, CallData.Of(MarketplaceFunctions.MySlots));

    private static readonly BlockStamp _block = new(300, new UnixSeconds(7)) { Hash = LogText.BlockHashValue };

    private static readonly string _byHash =
        $$"""{"blockHash":"{{LogText.BlockHashValue}}","requireCanonical":true}""";

    [Fact]
    public async Task A_contract_is_asked_as_of_a_block_by_its_hash()
    {
        var node = new AnsweringTransport(_ => Replies.Text("0x"));

        await AskAsync(node);

        Assert.Equal([_byHash], node.Asked.Select(BlockOf));
    }

    [Fact]
    public async Task By_its_height_where_the_hash_is_not_known()
    {
        var node = new AnsweringTransport(_ => Replies.Text("0x"));

        await new ContractCaller(node).AskAsync([_call], _block with { Hash = default }, CancellationToken.None);

        Assert.Equal(["\"0x12c\""], node.Asked.Select(BlockOf));
    }

    // Geth's words for what it can't parse, Hardhat's, a gateway's.
    [Theory]
    [InlineData(-32602, "invalid argument 1: json: cannot unmarshal object into Go value of type string")]
    [InlineData(-32602, "Errors encountered in param 1: Invalid value {} supplied to : QUANTITY | \"earliest\"")]
    [InlineData(-32000, "invalid type: map, expected a block number as a string")]
    [InlineData(-32600, "Invalid Request")]
    public async Task A_node_that_takes_no_hash_is_asked_by_the_height_and_for_the_hash_in_the_same_message(
        int code, string message)
    {
        var node = new AnsweringTransport(asked => Takes(asked, () => Replies.Error(code, message)));

        await AskAsync(node);

        Assert.Equal([_byHash, "\"0x12c\"", "false"], node.Asked.Select(BlockOf));
        Assert.Equal(2, node.Messages);
    }

    [Fact]
    public async Task That_is_remembered_for_the_connection_and_for_a_hundred_questions()
    {
        var link = new Link(asked => Takes(asked, () => Replies.Error(-32602, "invalid argument 1")));
        var caller = new ContractCaller(link);
        for (var i = 0; i < 102; i++)
        {
            await caller.AskAsync([_call], _block, CancellationToken.None);
        }

        Assert.Equal(
            [0, 203],
            link.Node.Asked.Index().Where(asked => BlockOf(asked.Item) == _byHash).Select(asked => asked.Index));

        link.State = link.State with { Connections = 2 };
        await caller.AskAsync([_call], _block, CancellationToken.None);
        Assert.Equal(_byHash, BlockOf(link.Node.Asked[^3]));
    }

    [Fact]
    public async Task It_is_not_remembered_when_the_height_is_not_answered_for_either()
    {
        var node = new AnsweringTransport(_ => Replies.Error(-32602, "invalid argument 1"));
        var caller = new ContractCaller(node);
        await UnavailableAsync(caller);

        await UnavailableAsync(caller);

        Assert.Equal(2, node.Asked.Count(asked => BlockOf(asked) == _byHash));
    }

    [Fact]
    public async Task A_block_that_has_another_hash_at_its_height_is_no_answer()
    {
        var node = new AnsweringTransport(asked => asked.Method == "eth_getBlockByNumber"
            ? Replies.Result($$"""{"number":"0x12c","timestamp":"0x7","hash":"0x{{new string('c', 64)}}"}""")
            : Takes(asked, () => Replies.Error(-32602, "invalid argument 1")));

        var unavailable = await UnavailableAsync(new ContractCaller(node));

        Assert.Equal(
            $"Block 300 is not {LogText.BlockHashValue} at the node: it is behind, or the block was replaced.",
            unavailable.Message);
    }

    // Geth, Nethermind, Erigon, Besu, Reth, anvil, Hardhat, and nodes without old states.
    [Theory]
    [InlineData(-32000, "header not found")]
    [InlineData(-32000, "header for hash not found")]
    [InlineData(-32000, "hash is not currently canonical")]
    [InlineData(-32000, "unknown block")]
    [InlineData(-32001, "0xbb could not be found")]
    [InlineData(-39001, "Unknown block")]
    [InlineData(-32000, "Block not found")]
    [InlineData(-32000, "block with hash 0xbb was not found")]
    [InlineData(-32001, "block not found: hash 0xbb")]
    [InlineData(-32602, "Received invalid block tag 300. Latest block number is 299")]
    [InlineData(-32000, "missing trie node 14c7 (path )")]
    [InlineData(4444, "pruned history unavailable")]
    [InlineData(-32000, "World state unavailable")]
    public async Task A_node_that_does_not_know_the_block_is_behind_and_asked_about_no_other_one(
        int code, string message)
    {
        var node = new AnsweringTransport(_ => Replies.Error(code, message, $"\"{LogText.BlockHashValue}\""));

        var unavailable = await UnavailableAsync(new ContractCaller(node));

        Assert.Equal(
            $"mySlots of {Recording.Marketplace} was not answered as of block 300: the node is behind, or the block was "
            + $"replaced. It says \"{message}\" ({code}).",
            unavailable.Message);
        Assert.Equal([_byHash], node.Asked.Select(BlockOf));
    }

    [Fact]
    public async Task Nothing_for_an_answer_says_the_same()
    {
        var unavailable = await UnavailableAsync(new ContractCaller(new AnsweringTransport(_ => Replies.Null)));

        Assert.EndsWith(
            "the node does not know the block: it is behind, or the block was replaced.", unavailable.Message,
            StringComparison.Ordinal);
    }

    // A balancer's back end that lags, once: nothing is learnt from it.
    [Theory]
    [InlineData(-32000, "request timed out")]
    [InlineData(-32000, "header not found")]
    [InlineData(-32000, "missing trie node 14c7")]
    [InlineData(429, "Too Many Requests")]
    [InlineData(-32005, "daily request count exceeded, request rate limited")]
    [InlineData(-32603, "Internal error")]
    public async Task One_odd_answer_changes_nothing(int code, string message)
    {
        var isOdd = true;
        var node = new AnsweringTransport(_ => isOdd ? Replies.Error(code, message) : Replies.Text("0x"));
        var caller = new ContractCaller(node);
        await UnavailableAsync(caller);
        isOdd = false;

        await caller.AskAsync([_call], _block, CancellationToken.None);
        await caller.AskAsync([_call], _block, CancellationToken.None);

        Assert.Equal([_byHash, _byHash, _byHash], node.Asked.Select(BlockOf));
    }

    [Fact]
    public async Task A_revert_is_an_answer_whatever_its_words()
    {
        var node = new AnsweringTransport(_ => Replies.Error(3, "execution reverted: block not found, invalid request"));

        var answers = await new ContractCaller(node).AskAsync([_call], _block, CancellationToken.None);

        Assert.IsType<CallReverted>(Assert.Single(answers));
    }

    private static Task<IReadOnlyList<CallAnswer>> AskAsync(AnsweringTransport node) =>
        new ContractCaller(node).AskAsync([_call], _block, CancellationToken.None);

    private static Task<MarketUnavailableException> UnavailableAsync(ContractCaller caller) =>
        Assert.ThrowsAsync<MarketUnavailableException>(
            () => caller.AskAsync([_call], _block, CancellationToken.None));

    // Knows the block by its height, and calls as of it.
    private static RpcReply Takes(RpcRequest asked, Func<RpcReply> refuseHash) => asked.Method switch
    {
        "eth_getBlockByNumber" => Replies.Result(
            $$"""{"number":"0x12c","timestamp":"0x7","hash":"{{LogText.BlockHashValue}}"}"""),
        _ when Replies.ParametersOf(asked)[1].ValueKind == JsonValueKind.Object => refuseHash(),
        _ => Replies.Text("0x"),
    };

    private static string BlockOf(RpcRequest asked) => Replies.ParametersOf(asked)[1].GetRawText();

    private sealed class Link(Func<RpcRequest, RpcReply> answer) : IRpcLink
    {
        public AnsweringTransport Node { get; } = new(answer);

        public RpcLinkState State { get; set; } = new("node", 1, null);

        public IObservable<RpcLinkState> States => Observable.Return(State);

        public IObservable<Unit> Wakes => Observable.Never<Unit>();

        public Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation) =>
            Node.AskAsync(request, cancellation);

        public Task<IReadOnlyList<RpcReply>> AskAsync(
            IReadOnlyList<RpcRequest> requests, CancellationToken cancellation) => Node.AskAsync(requests, cancellation);

        public void Suspect(string reason)
        {
        }

        public void Dispose()
        {
        }
    }
}
