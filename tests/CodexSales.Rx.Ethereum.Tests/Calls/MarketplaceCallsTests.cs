using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Abi;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Tests.Calls;

public sealed class MarketplaceCallsTests
{
    private const string True = "0x0000000000000000000000000000000000000000000000000000000000000001";

    private static readonly Address _host = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");
    private static readonly SlotKey _slot = new(new RequestId(Keccak256.Hash("request"u8)), 3);

    [Fact]
    public async Task A_contract_is_asked_as_the_host_as_of_the_pending_block()
    {
        var node = new AnsweringTransport(_ => Replies.Text(True));

        Assert.True(await On(node).CanReserveSlotAsync(_slot, CancellationToken.None));

        var parameters = Replies.ParametersOf(Assert.Single(node.Asked));
        Assert.Equal(_host.ToString(), parameters[0].GetProperty("from").GetString());
        Assert.Equal(Recording.Marketplace.ToString(), parameters[0].GetProperty("to").GetString());
        Assert.Equal("pending", parameters[1].GetString());
    }

    [Theory]
    [InlineData(-32602, "pending block is not available")]
    [InlineData(-32000, "unknown block")]
    [InlineData(-39001, "Unknown block")]
    public async Task A_node_without_a_pending_block_is_asked_as_of_the_newest_one(int code, string message)
    {
        var node = new AnsweringTransport(asked =>
            BlockOf(asked) == "pending" ? Replies.Error(code, message) : Replies.Text(True));
        var calls = On(node);

        Assert.True(await calls.CanReserveSlotAsync(_slot, CancellationToken.None));
        Assert.True(await calls.CanReserveSlotAsync(_slot, CancellationToken.None));

        Assert.Equal(["pending", "latest", "latest"], node.Asked.Select(BlockOf));
    }

    [Theory]
    [InlineData(429, "Too Many Requests")]
    [InlineData(-32005, "daily request count exceeded, request rate limited")]
    [InlineData(-32603, "Internal error")]
    [InlineData(-32000, "request timed out")]
    public async Task A_node_in_trouble_is_not_taken_for_one_without_a_pending_block(int code, string message)
    {
        var node = new AnsweringTransport(_ => Replies.Error(code, message));

        var unavailable = await Assert.ThrowsAsync<MarketUnavailableException>(
            () => On(node).CanReserveSlotAsync(_slot, CancellationToken.None));

        Assert.Contains(message, unavailable.Message, StringComparison.Ordinal);
        Assert.Equal(["pending"], node.Asked.Select(BlockOf));
    }

    [Fact]
    public async Task No_answer_is_told_as_the_market_being_unavailable()
    {
        var node = new AnsweringTransport(_ => new RpcNoAnswer("the node is not connected.", MayHaveArrived: false));

        var unavailable = await Assert.ThrowsAsync<MarketUnavailableException>(
            () => On(node).GetSlotStateAsync(_slot, CancellationToken.None));

        Assert.Equal(
            $"slotState of {Recording.Marketplace} was not answered: the node is not connected.", unavailable.Message);
    }

    [Theory]
    [InlineData("\"0x\"", "that is no Marketplace contract")]
    [InlineData("\"0x00\"", "1 bytes are too few")]
    [InlineData("\"0x0\"", "not \"0x\" and hexadecimal digits")]
    [InlineData("\"0xgg\"", "not \"0x\" and hexadecimal digits")]
    [InlineData("5", "not \"0x\" and hexadecimal digits")]
    [InlineData("null", "not \"0x\" and hexadecimal digits")]
    public async Task An_answer_that_is_none_is_told_as_the_market_being_unavailable(string json, string said)
    {
        var node = new AnsweringTransport(_ => Replies.Result(json));

        var unavailable = await Assert.ThrowsAsync<MarketUnavailableException>(
            () => On(node).GetSlotStateAsync(_slot, CancellationToken.None));

        Assert.Contains(said, unavailable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_not_known_is_null()
    {
        var node = new AnsweringTransport(_ => Replies.Revert("0xbdd64a7a"));

        Assert.Null(await On(node).GetRequestAsync(_slot.RequestId, CancellationToken.None));
        Assert.Null(await On(node).GetRequestStateAsync(_slot.RequestId, CancellationToken.None));
    }

    [Fact]
    public async Task What_a_slot_must_prove_is_asked_in_one_message()
    {
        var node = new AnsweringTransport(_ => Replies.Text(True));

        var demand = await On(node).GetProofDemandAsync(_slot, CancellationToken.None);

        Assert.Equal(new ProofDemand(true, true, 1, Bytes32.Parse(True)), demand);
        Assert.Equal(4, node.Asked.Count);
        Assert.Equal(1, node.Messages);
    }

    [Fact]
    public async Task The_hosts_slots_come_with_their_requests_and_times()
    {
        var active = Result("getActiveSlot");
        var mine = SlotId.Parse($"0x{new string('a', 64)}");
        var paid = SlotId.Parse($"0x{new string('b', 64)}");
        var node = new AnsweringTransport(asked => Replies.CallDataOf(asked) switch
        {
            "0x5da73835" => Replies.Text($"0x{Word("20")}{Word("2")}{mine.ToString()[2..]}{paid.ToString()[2..]}"),
            var data when data.EndsWith(paid.ToString()[2..], StringComparison.Ordinal) => Replies.Revert("0x8b41ec7f"),
            var data when data.StartsWith("0xb396dc79", StringComparison.Ordinal) => Replies.Text(active),
            var data when data.StartsWith("0x329b5a0b", StringComparison.Ordinal) => Replies.Text($"0x{Word("ff")}"),
            _ => Replies.Text($"0x{Word("1ff")}"),
        });

        var slot = Assert.Single(await On(node).GetMySlotsAsync(CancellationToken.None));

        Assert.Equal(RequestId.Of(slot.Request), slot.Slot.RequestId);
        Assert.Equal(1048576UL, slot.Request.Ask.SlotSizeBytes);
        Assert.Equal((new UnixSeconds(255), new UnixSeconds(511)), (slot.ExpiresAt, slot.EndsAt));
    }

    [Fact]
    public async Task A_host_without_slots_is_asked_about_none()
    {
        var node = new AnsweringTransport(_ => Replies.Text($"0x{Word("20")}{Word("0")}"));

        Assert.Empty(await On(node).GetMySlotsAsync(CancellationToken.None));
        Assert.Single(node.Asked);
    }

    [Fact]
    public async Task Money_is_asked_of_the_token()
    {
        var node = new AnsweringTransport(_ => Replies.Text($"0x{Word("7")}"));
        var token = Address.Parse("0x5fbdb2315678afecb367f032d93f642f64180aa3");

        Assert.Equal(7UL, await On(node).GetBalanceAsync(token, CancellationToken.None));
        Assert.Equal(7UL, await On(node).GetAllowanceAsync(token, CancellationToken.None));

        Assert.Equal(
            [
                $"0x70a08231{Word(_host.ToString()[2..])}",
                $"0xdd62ed3e{Word(_host.ToString()[2..])}{Word(Recording.Marketplace.ToString()[2..])}",
            ],
            node.Asked.Select(Replies.CallDataOf));
        Assert.All(node.Asked, asked =>
            Assert.Equal(token.ToString(), Replies.ParametersOf(asked)[0].GetProperty("to").GetString()));
    }

    private static MarketplaceCalls On(IRpcTransport node) => new(node, Recording.Marketplace, _host);

    private static string BlockOf(RpcRequest asked) => Replies.ParametersOf(asked)[1].GetString()!;

    private static string Word(string digits) => digits.PadLeft(64, '0');

    private static string Result(string function) => RecordedCalls.Calls
        .Where(call => call.GetProperty("function").GetString() == function)
        .Select(call => call.GetProperty("response"))
        .First(response => response.TryGetProperty("result", out _))
        .GetProperty("result").GetString()!;
}
