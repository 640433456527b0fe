using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Abi;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Calls;

public sealed class MarketplaceCallsTests
{
    private const ulong PeriodSeconds = 120;

    private static readonly Address _host = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    private static readonly Address _token = Address.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3");
    private static readonly SlotKey _slot = new(new RequestId(Keccak256.Hash("request"u8)), 3);
    private static readonly BlockStamp _block = new(300, new UnixSeconds(12_345)) { Hash = LogText.BlockHashValue };

    private readonly Dictionary<string, RpcReply> _answers = new()
    {
        ["slotState"] = Replies.Text(Hex("1")),
        ["getHost"] = Replies.Text(Hex(_host.ToString()[2..])),
        ["requestState"] = Replies.Text(Hex("1")),
        ["currentCollateral"] = Replies.Text(Hex("64")),
        ["missingProofs"] = Replies.Text(Hex("2")),
        ["isProofRequired"] = Replies.Text(Hex("1")),
        ["willProofBeRequired"] = Replies.Text(Hex("0")),
        ["getPointer"] = Replies.Text(Hex("ff")),
        ["getChallenge"] = Replies.Text(Hex("abc")),
        ["getRequest"] = Replies.Text(Result("getRequest")),
        ["canReserveSlot"] = Replies.Text(Hex("1")),
        ["balanceOf"] = Replies.Text(Hex("7")),
        ["allowance"] = Replies.Text(Hex("3")),
    };

    [Fact]
    public async Task All_that_the_contract_says_of_a_slot_is_asked_in_one_message_as_of_one_block()
    {
        var node = Node();

        var view = await On(node).GetSlotAsync(_slot, PeriodSeconds, _block, CancellationToken.None);

        Assert.Equal(
            new SlotView
            {
                AsOf = _block,
                State = SlotState.Filled,
                Host = _host,
                RequestState = RequestState.Started,
                Collateral = 100,
                MissedProofs = 2,
                Demand = new ProofDemand(102, IsRequired: true, WillBeRequired: false, 255, Bytes32.Parse(Hex("abc"))),
            },
            view);
        Assert.Equal((1, 9), (node.Messages, node.Asked.Count));
        AssertAsOfTheBlock(node);
    }

    [Fact]
    public async Task What_the_account_has_is_asked_as_of_one_block()
    {
        var node = new AnsweringTransport(asked =>
            asked.Method == "eth_getBalance" ? Replies.Result("\"0x64\"") : _answers[NameOf(asked)]);

        var balances = await On(node).GetBalancesAsync(_token, _block, CancellationToken.None);

        Assert.Equal(new AccountBalances(_block, Ether: 100, Tokens: 7, Allowance: 3), balances);
        Assert.Equal("\"0x12c\"", BlockOf(node.Asked.Single(asked => asked.Method == "eth_getBalance")));
    }

    [Fact]
    public async Task An_account_whose_ether_the_node_does_not_tell_is_none_without_ether()
    {
        var node = new AnsweringTransport(asked =>
            asked.Method == "eth_getBalance" ? Replies.Result("null") : _answers[NameOf(asked)]);

        await Assert.ThrowsAsync<MarketUnavailableException>(() => On(node).GetBalancesAsync(_token, _block, CancellationToken.None));
    }

    [Fact]
    public async Task A_slot_that_nobody_fills_has_no_host()
    {
        _answers["getHost"] = Replies.Text(Hex("0"));

        Assert.Null((await ViewAsync()).Host);
    }

    [Fact]
    public async Task A_request_that_is_not_known_has_no_state()
    {
        _answers["requestState"] = Replies.Revert("0xbdd64a7a");

        Assert.Null((await ViewAsync()).RequestState);
    }

    [Theory]
    [InlineData("isProofRequired")]
    [InlineData("willProofBeRequired")]
    public async Task Where_the_arithmetic_of_the_contract_fails_there_is_no_demand(string function)
    {
        _answers[function] = Replies.Revert($"0x4e487b71{Word("11")}");

        Assert.Null((await ViewAsync()).Demand);
    }

    [Fact]
    public async Task What_is_not_answered_for_one_call_is_no_answer_at_all()
    {
        _answers["missingProofs"] = new RpcNoAnswer("The node is not connected.", MayHaveArrived: false);

        var unavailable = await Assert.ThrowsAsync<MarketUnavailableException>(ViewAsync);

        Assert.Equal(
            $"missingProofs of {Recording.Marketplace} was not answered as of block 300: The node is not connected.",
            unavailable.Message);
    }

    [Fact]
    public async Task An_offer_is_asked_in_one_message_as_of_one_block()
    {
        var node = Node();

        var offer = await On(node).GetOfferAsync(_slot, _token, PeriodSeconds, _block, CancellationToken.None);

        Assert.Equal(await ViewAsync(), offer.View);
        Assert.NotNull(offer.Request);
        Assert.Equal((true, (UInt256)7), (offer.MayReserve, offer.Funds));
        Assert.Equal((1, 12), (node.Messages, node.Asked.Count));
        AssertAsOfTheBlock(node);
        Assert.All(node.Asked, asked => Assert.Equal(
            NameOf(asked) == "balanceOf" ? _token : Recording.Marketplace,
            Address.Parse(Replies.ParametersOf(asked)[0].GetProperty("to").GetString())));
    }

    [Fact]
    public async Task An_offer_of_a_request_that_is_not_known_has_none()
    {
        _answers["getRequest"] = _answers["requestState"] = Replies.Revert("0xbdd64a7a");

        var offer = await On(Node()).GetOfferAsync(_slot, _token, PeriodSeconds, _block, CancellationToken.None);

        Assert.Null(offer.Request);
        Assert.Null(offer.View.RequestState);
    }

    [Theory]
    [InlineData("\"0x\"", "that is no Marketplace contract")]
    [InlineData("\"0x00\"", "1 bytes are too few")]
    [InlineData("\"0x0\"", "not \"0x\" and hexadecimal digits")]
    [InlineData("\"0xgg\"", "not \"0x\" and hexadecimal digits")]
    [InlineData("5", "not \"0x\" and hexadecimal digits")]
    [InlineData("null", "the node does not know the block")]
    [InlineData("\"0x\\ud800\"", "not \"0x\" and hexadecimal digits")]
    public async Task An_answer_that_is_none_is_told_as_the_market_being_unavailable(string json, string said)
    {
        _answers["slotState"] = Replies.Result(json);

        var unavailable = await Assert.ThrowsAsync<MarketUnavailableException>(ViewAsync);

        Assert.Contains(said, unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_never_changes_is_asked_as_of_the_newest_block_in_one_message()
    {
        var node = new AnsweringTransport(asked => Replies.Text(Result(
            Replies.CallDataOf(asked) == "0xfc0c546a" ? "token" : "configuration")));

        var (configuration, token) = await On(node).GetConstantsAsync(CancellationToken.None);

        Assert.Equal(_token, token);
        Assert.Equal((byte)5, configuration.Rules.MaxMissedProofs);
        Assert.Equal(1, node.Messages);
        Assert.All(node.Asked, asked => Assert.Equal("\"latest\"", BlockOf(asked)));
    }

    [Fact]
    public async Task The_hosts_slots_are_ids()
    {
        var (one, other) = (SlotId.Parse($"0x{new string('a', 64)}"), SlotId.Parse($"0x{new string('b', 64)}"));
        var node = new AnsweringTransport(_ => Replies.Text(
            $"0x{Word("20")}{Word("2")}{one.ToString()[2..]}{other.ToString()[2..]}"));

        Assert.Equal([one, other], await On(node).GetMySlotsAsync(_block, CancellationToken.None));
        AssertAsOfTheBlock(node);
    }

    [Fact]
    public async Task Hosted_slots_come_with_their_requests_and_times()
    {
        var active = Result("getActiveSlot");
        var mine = SlotId.Parse($"0x{new string('a', 64)}");
        var paid = SlotId.Parse($"0x{new string('b', 64)}");
        var node = new AnsweringTransport(asked => Replies.CallDataOf(asked) switch
        {
            var data when data.EndsWith(paid.ToString()[2..], StringComparison.Ordinal) => Replies.Revert("0x8b41ec7f"),
            var data when data.StartsWith("0xb396dc79", StringComparison.Ordinal) => Replies.Text(active),
            var data when data.StartsWith("0x329b5a0b", StringComparison.Ordinal) => Replies.Text(Hex("ff")),
            _ => Replies.Text(Hex("1ff")),
        });

        var slot = Assert.Single(await On(node).GetHostedSlotsAsync([mine, paid], _block, CancellationToken.None));

        Assert.Equal(RequestId.Of(slot.Request), slot.Slot.RequestId);
        Assert.Equal(1048576UL, slot.Request.Ask.SlotSizeBytes);
        Assert.Equal((new UnixSeconds(255), new UnixSeconds(511)), (slot.ExpiresAt, slot.EndsAt));
        AssertAsOfTheBlock(node);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(50, 1)]
    [InlineData(120, 3)]
    public async Task Hosted_slots_are_asked_for_by_fifties(int count, int messages)
    {
        var node = new AnsweringTransport(_ => Replies.Revert("0x8b41ec7f"));
        var ids = Enumerable.Range(0, count).Select(i => new SlotId(Keccak256.Hash([(byte)i])));

        Assert.Empty(await On(node).GetHostedSlotsAsync([.. ids], _block, CancellationToken.None));

        Assert.Equal(messages, node.Messages);
    }

    private Task<SlotView> ViewAsync() =>
        On(Node()).GetSlotAsync(_slot, PeriodSeconds, _block, CancellationToken.None);

    private AnsweringTransport Node() => new(asked => _answers[NameOf(asked)]);

    private static string NameOf(RpcRequest asked) => _functions[Replies.CallDataOf(asked)[..10]];

    private static readonly Dictionary<string, string> _functions = new[]
    {
        MarketplaceFunctions.SlotState, MarketplaceFunctions.GetHost, MarketplaceFunctions.RequestState,
        MarketplaceFunctions.CurrentCollateral, MarketplaceFunctions.MissingProofs,
        MarketplaceFunctions.IsProofRequired, MarketplaceFunctions.WillProofBeRequired,
        MarketplaceFunctions.GetPointer, MarketplaceFunctions.GetChallenge, MarketplaceFunctions.GetRequest,
        MarketplaceFunctions.CanReserveSlot, TokenFunctions.BalanceOf, TokenFunctions.Allowance,
    }.ToDictionary(function => $"0x{Convert.ToHexStringLower(function.GetSelector())}", function => function.Name);

    private static void AssertAsOfTheBlock(AnsweringTransport node) => Assert.All(node.Asked, asked =>
    {
        Assert.Equal($$"""{"blockHash":"{{LogText.BlockHashValue}}","requireCanonical":true}""", BlockOf(asked));
        Assert.Equal(_host.ToString(), Replies.ParametersOf(asked)[0].GetProperty("from").GetString());
    });

    private static MarketplaceCalls On(IRpcTransport node) => new(node, Recording.Marketplace, _host);

    private static string BlockOf(RpcRequest asked) => Replies.ParametersOf(asked)[1].GetRawText();

    private static string Hex(string digits) => $"0x{Word(digits)}";

    private static string Word(string digits) => digits.PadLeft(64, '0');

    private static string Result(string function) => RecordedCalls.Calls
        .Where(call => call.GetProperty("function").GetString() == function)
        .Select(call => call.GetProperty("response"))
        .First(response => response.TryGetProperty("result", out _))
        .GetProperty("result").GetString()!;
}
