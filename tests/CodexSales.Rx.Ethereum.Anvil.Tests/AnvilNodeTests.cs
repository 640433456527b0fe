using System.Diagnostics;
using System.Net.Sockets;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests;

public sealed class AnvilNodeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly UnixSeconds Start = new(1_800_000_000);

    [Fact]
    public async Task Two_nodes_run_side_by_side()
    {
        await using var one = await AnvilNode.StartAsync();
        await using var other = await AnvilNode.StartAsync();

        await one.MineAsync(blocks: 3);

        Assert.Equal(3ul, (await one.GetHeadAsync()).Number);
        Assert.Equal(0ul, (await other.GetHeadAsync()).Number);
    }

    [Fact]
    public async Task A_node_that_is_disposed_of_is_gone()
    {
        var node = await AnvilNode.StartAsync();
        await node.DisposeAsync();

        await AssertNobodyListensAsync(node.HttpUrl.Port);
    }

    [Fact]
    public async Task A_node_ends_when_the_one_who_wants_it_is_killed()
    {
        using var wanting = StartOneWhoWantsANode();
        var listening = await wanting.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

        wanting.Kill();

        // The output is open for as long as one of them lives.
        await wanting.StandardOutput.ReadToEndAsync(Cancel).WaitAsync(Patience, Cancel);
        await AssertNobodyListensAsync(new Uri($"http://{listening}").Port);
    }

    [Fact]
    public async Task A_block_has_the_time_that_was_set()
    {
        await using var node = await AnvilNode.StartAsync(new AnvilOptions { StartTime = Start });

        await node.MineAtAsync(Start.Plus(1000));

        Assert.Equal((1ul, Start.Plus(1000)), await node.GetHeadAsync());
    }

    [Fact]
    public async Task Time_can_be_jumped_over()
    {
        await using var node = await AnvilNode.StartAsync(new AnvilOptions { StartTime = Start });

        await node.AdvanceAsync(86_400);
        await node.MineAsync();

        Assert.InRange((await node.GetHeadAsync()).Time.SecondsSince(Start), 86_400ul, 86_400ul + 60);
    }

    [Fact]
    public async Task Without_mining_a_transaction_waits_for_a_block()
    {
        await using var node = await AnvilNode.StartAsync(new AnvilOptions { NoMining = true });
        var hash = await node.PostAsync(node.Accounts[0], node.Accounts[1], "0x");
        Assert.Null(await node.GetReceiptAsync(hash));

        await node.MineAsync();

        Assert.Equal(1ul, (await node.GetReceiptAsync(hash))?.BlockNumber);
    }

    [Fact]
    public async Task A_reorganisation_puts_transactions_into_other_blocks()
    {
        await using var node = await AnvilNode.StartAsync();
        var dropped = await node.SendAsync(node.Accounts[0], node.Accounts[1], "0x");
        await node.MineAsync();
        var transaction = new { from = node.Accounts[2].ToString(), to = node.Accounts[1].ToString(), value = "0x1" };

        await node.ReorgAsync(depth: 2, ((object)transaction, 1ul));

        Assert.Equal(2ul, (await node.GetHeadAsync()).Number);
        Assert.Null(await node.GetReceiptAsync(dropped.Hash));
        Assert.Equal("0x1", (await node.Rpc.CallAsync("eth_getBlockTransactionCountByNumber", "0x2")).GetString());
    }

    [Fact]
    public async Task A_snapshot_brings_everything_back()
    {
        await using var node = await AnvilNode.StartAsync();
        var snapshot = await node.SnapshotAsync();
        var sent = await node.SendAsync(node.Accounts[0], node.Accounts[1], "0x");

        await node.RevertAsync(snapshot);

        Assert.Equal(0ul, (await node.GetHeadAsync()).Number);
        Assert.Null(await node.GetReceiptAsync(sent.Hash));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Process StartOneWhoWantsANode()
    {
        var node = ContractTools.ToRunAnvil(new AnvilOptions().ToArguments());
        const string script =
            "require('child_process').spawn('node', process.argv.slice(1), { stdio: ['pipe', 'inherit', 'inherit'] })";
        return ContractTools.Start(
            new ProcessStartInfo("node", ["-e", script, .. node.ArgumentList]) { RedirectStandardOutput = true });
    }

    private static async Task AssertNobodyListensAsync(int port)
    {
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync("127.0.0.1", port, Cancel));
    }
}
