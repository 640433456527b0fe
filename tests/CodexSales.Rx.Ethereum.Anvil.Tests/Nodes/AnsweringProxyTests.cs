using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>What the kinds of nodes answer of a chain of ten blocks.</summary>
public sealed class AnsweringProxyTests : IAsyncLifetime
{
    private const ulong Blocks = 10;
    private const string NotKnown = "header not found";

    private AnvilNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await AnvilNode.StartAsync(new AnvilOptions { NoMining = true, FinalizedDepth = 2 });
        await _node.MineAsync(Blocks);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData(NodeKind.Direct, "latest", 10)]
    [InlineData(NodeKind.Direct, "pending", 11)]
    [InlineData(NodeKind.PendingIsLatest, "latest", 10)]
    [InlineData(NodeKind.PendingIsLatest, "pending", 10)]
    [InlineData(NodeKind.PendingIsRefused, "latest", 10)]
    [InlineData(NodeKind.PendingIsBehind, "latest", 10)]
    [InlineData(NodeKind.PendingIsBehind, "pending", 8)]
    [InlineData(NodeKind.Behind, "latest", 8)]
    [InlineData(NodeKind.Behind, "pending", 8)]
    [InlineData(NodeKind.Behind, "finalized", 8)]
    [InlineData(NodeKind.Behind, "0x8", 8)]
    public async Task A_block_is_of_the_node_s_kind_in_questions_for_it_and_in_calls(
        NodeKind kind, string block, int number)
    {
        using var proxy = new AnsweringProxy(_node.HttpUrl, kind);
        using var asked = new JsonRpc(proxy.Url);

        Assert.Equal(number, await CallForNumberAsync(asked, block));
        Assert.Equal(number, (int)Quantity.Read(
            (await asked.CallAsync("eth_getBlockByNumber", block, false)).GetProperty("number")));
    }

    [Theory]
    [InlineData("eth_call")]
    [InlineData("eth_estimateGas")]
    public async Task A_pending_block_that_is_refused_is_an_error(string method)
    {
        using var proxy = new AnsweringProxy(_node.HttpUrl, NodeKind.PendingIsRefused);
        using var asked = new JsonRpc(proxy.Url);

        var error = await Assert.ThrowsAsync<JsonRpcException>(
            () => asked.CallAsync(method, new { to = $"{_node.Accounts[0]}" }, "pending"));

        Assert.Equal("pending block is not available", error.NodeMessage);
    }

    [Fact]
    public async Task A_node_that_is_behind_does_not_know_newer_blocks_and_what_is_in_them_until_it_does()
    {
        var sent = await _node.PostAsync(_node.Accounts[0], _node.Accounts[1], "0x");
        await _node.MineAsync();
        await _node.MineAsync();
        using var proxy = new AnsweringProxy(_node.HttpUrl, NodeKind.Behind);
        using var asked = new JsonRpc(proxy.Url);
        var block = new { blockHash = $"{await _node.GetBlockHashAsync(Blocks + 1)}" };
        var account = $"{_node.Accounts[0]}";

        Assert.Equal("0xa", (await asked.CallAsync("eth_blockNumber")).GetString());
        Assert.Equal(NotKnown, await FindErrorAsync(asked, "0xb"));
        Assert.Equal(NotKnown, await FindErrorAsync(asked, block));
        Assert.Equal("", $"{await asked.CallAsync("eth_getBlockByNumber", "0xb", false)}");
        Assert.Equal("", $"{await asked.CallAsync("eth_getBlockByHash", block.blockHash, false)}");
        Assert.Equal("", $"{await asked.CallAsync("eth_getTransactionReceipt", sent)}");
        Assert.Equal(
            "", $"{(await asked.CallAsync("eth_getTransactionByHash", sent)).GetProperty("blockNumber")}");
        Assert.Equal("0x0", (await asked.CallAsync("eth_getTransactionCount", account, "latest")).GetString());
        Assert.Equal("0x1", (await asked.CallAsync("eth_getTransactionCount", account, "pending")).GetString());

        await _node.MineAsync();

        Assert.Equal(11, await CallForNumberAsync(asked, block));
        Assert.NotEqual("", $"{await asked.CallAsync("eth_getTransactionReceipt", sent)}");
        Assert.Equal("0x1", (await asked.CallAsync("eth_getTransactionCount", account, "latest")).GetString());
    }

    [Fact]
    public async Task Of_three_messages_not_all_are_answered_by_the_same_back_end_and_each_by_one()
    {
        const int mostInARow = 2;
        using var proxy = new AnsweringProxy(_node.HttpUrl, NodeKind.Balanced);
        using var asked = new JsonRpc(proxy.Url);
        var seen = new HashSet<string>();
        for (var i = 0; i <= mostInARow; i++)
        {
            var answers = await asked.CallAllAsync(("eth_blockNumber", []), ("eth_blockNumber", []));
            Assert.Equal(answers[0].GetString(), answers[1].GetString());
            seen.Add(answers[0].GetString()!);
        }

        Assert.Equal(["0x8", "0xa"], seen.Order(StringComparer.Ordinal));
    }

    // A contract that is being created returns, in place of its code, the number of the block.
    private static async Task<int> CallForNumberAsync(JsonRpc asked, object block)
    {
        const string returnNumber = "0x4360005260206000f3";
        var answer = await asked.CallAsync("eth_call", new { data = returnNumber }, block);
        return (int)(ulong)UInt256.FromBigEndian(Convert.FromHexString(answer.GetString().AsSpan(2)));
    }

    private static async Task<string> FindErrorAsync(JsonRpc asked, object block) =>
        (await Assert.ThrowsAsync<JsonRpcException>(() => CallForNumberAsync(asked, block))).NodeMessage;
}
