using System.Diagnostics;
using System.Text.Json;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>
/// A real node on a chain of its own, on a free port of this machine. It ends when it is disposed of or this process
/// ends, however that dies.
/// </summary>
public sealed class AnvilNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _guard;

    private AnvilNode(Process guard, string listening, IReadOnlyList<Address> accounts, JsonRpc rpc)
    {
        _guard = guard;
        HttpUrl = new Uri($"http://{listening}");
        WebSocketUrl = new Uri($"ws://{listening}");
        Accounts = accounts;
        Rpc = rpc;
    }

    /// <summary>Where it answers to HTTP.</summary>
    public Uri HttpUrl { get; }

    /// <summary>Where it answers over a WebSocket.</summary>
    public Uri WebSocketUrl { get; }

    /// <summary>The accounts for which the node signs. The first one deploys, mints and gives tokens.</summary>
    public IReadOnlyList<Address> Accounts { get; }

    /// <summary>For everything that has no method here.</summary>
    public JsonRpc Rpc { get; }

    /// <summary>Starts a node, and is done when it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not start: one sentence says why.</exception>
    public static async Task<AnvilNode> StartAsync(AnvilOptions? options = null)
    {
        var start = ContractTools.ToRunAnvil((options ?? new AnvilOptions()).ToArguments());
        var guard = ContractTools.Start(start);
        var listening = await guard.StandardOutput.ReadLineAsync().WaitAsync(Patience)
            ?? throw new InvalidOperationException("anvil ended before it listened; its error output says why.");
        var rpc = new JsonRpc(new Uri($"http://{listening}"));
        var accounts = await rpc.CallAsync("eth_accounts");
        return new AnvilNode(
            guard,
            listening,
            [.. accounts.EnumerateArray().Select(account => Address.Parse(account.GetString()))],
            rpc);
    }

    /// <summary>Makes blocks now.</summary>
    /// <param name="blocks">How many.</param>
    /// <param name="secondsApart">The time from one to the next.</param>
    public Task MineAsync(ulong blocks = 1, ulong secondsApart = 1) =>
        Rpc.CallAsync("anvil_mine", Quantity.Of(blocks), Quantity.Of(secondsApart));

    /// <summary>Makes one block with a timestamp, which is at least that of the last one.</summary>
    public Task MineAtAsync(UnixSeconds time) => Rpc.CallAllAsync(
        ("evm_setNextBlockTimestamp", [time.Value]), ("anvil_mine", [Quantity.Of(1)]));

    /// <summary>The timestamp of the next block, whenever that comes. Later blocks go on from there.</summary>
    public Task SetNextTimeAsync(UnixSeconds time) => Rpc.CallAsync("evm_setNextBlockTimestamp", time.Value);

    /// <summary>Lets time pass for the next block, whenever that comes.</summary>
    public Task AdvanceAsync(ulong seconds) => Rpc.CallAsync("evm_increaseTime", Quantity.Of(seconds));

    /// <summary>Whether each transaction makes a block of its own.</summary>
    public Task SetAutomineAsync(bool isOn) => Rpc.CallAsync("evm_setAutomine", isOn);

    /// <summary>A block every so many seconds; 0 for none.</summary>
    public Task SetBlockSecondsAsync(ulong seconds) => Rpc.CallAsync("evm_setIntervalMining", seconds);

    /// <summary>
    /// Replaces the newest blocks by as many others. Their transactions are gone, but for those given here.
    /// </summary>
    /// <param name="depth">How many blocks.</param>
    /// <param name="transactions">
    /// What the new blocks hold: a signed transaction or the fields of one, and in which of the new blocks, from 0.
    /// </param>
    public Task ReorgAsync(ulong depth, params IEnumerable<(object Transaction, ulong Block)> transactions) =>
        Rpc.CallAsync(
            "anvil_reorg", depth, transactions.Select(pair => new[] { pair.Transaction, pair.Block }).ToArray());

    /// <summary>Remembers all there is, for <see cref="RevertAsync"/>.</summary>
    public async Task<string> SnapshotAsync() => (await Rpc.CallAsync("evm_snapshot")).GetString()!;

    /// <summary>Goes back to a snapshot, which is used up. Tells subscribers nothing until the next block.</summary>
    public Task RevertAsync(string snapshot) => Rpc.CallAsync("evm_revert", snapshot);

    /// <summary>The newest block.</summary>
    public async Task<(ulong Number, UnixSeconds Time)> GetHeadAsync()
    {
        var block = await Rpc.CallAsync("eth_getBlockByNumber", "latest", false);
        return (Quantity.Read(block.GetProperty("number")), TimeOf(block));
    }

    /// <summary>The time of a block that is there.</summary>
    public async Task<UnixSeconds> GetBlockTimeAsync(ulong number) =>
        TimeOf(await Rpc.CallAsync("eth_getBlockByNumber", Quantity.Of(number), false));

    /// <summary>The hash of a block that is there.</summary>
    public async Task<Bytes32> GetBlockHashAsync(ulong number)
    {
        var block = await Rpc.CallAsync("eth_getBlockByNumber", Quantity.Of(number), false);
        return Bytes32.Parse(block.GetProperty("hash").GetString());
    }

    /// <summary>Sends a transaction that the node signs, and waits for the block that holds it.</summary>
    /// <remarks>The gas is given, so that the node does not refuse what will revert.</remarks>
    public async Task<TransactionReceipt> SendAsync(Address from, Address? to, string data) =>
        TransactionReceipt.Read(await Rpc.CallAsync("eth_sendTransactionSync", ToTransaction(from, to, data)));

    /// <summary>Puts a transaction that the node signs into its pool.</summary>
    /// <returns>Its hash, for <see cref="GetReceiptAsync"/>.</returns>
    public async Task<string> PostAsync(Address from, Address? to, string data) =>
        (await Rpc.CallAsync("eth_sendTransaction", ToTransaction(from, to, data))).GetString()!;

    /// <summary>The logs of a block, in order.</summary>
    public async Task<IReadOnlyList<ContractLog>> GetLogsAsync(ulong block)
    {
        var only = new { fromBlock = Quantity.Of(block), toBlock = Quantity.Of(block) };
        var logs = await Rpc.CallAsync("eth_getLogs", only);
        return [.. logs.EnumerateArray().Select(ContractLog.Read)];
    }

    /// <summary>What a call would return, in the newest block or in an older one.</summary>
    /// <exception cref="JsonRpcException">The contract refuses.</exception>
    public async Task<byte[]> CallAsync(Address from, Address to, string data, ulong? block = null)
    {
        var call = new Dictionary<string, string>
        {
            ["from"] = from.ToString(),
            ["to"] = to.ToString(),
            ["data"] = data,
        };
        var answer = await Rpc.CallAsync("eth_call", call, block is { } number ? Quantity.Of(number) : "latest");
        return Convert.FromHexString(answer.GetString().AsSpan(2));
    }

    /// <summary>What became of a transaction; null while no block holds it.</summary>
    public async Task<TransactionReceipt?> GetReceiptAsync(string hash)
    {
        var receipt = await Rpc.CallAsync("eth_getTransactionReceipt", hash);
        return receipt.ValueKind == JsonValueKind.Null ? null : TransactionReceipt.Read(receipt);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Rpc.Dispose();
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync().WaitAsync(Patience);
        _guard.Dispose();
    }

    private static UnixSeconds TimeOf(JsonElement block) => new(Quantity.Read(block.GetProperty("timestamp")));

    private static Dictionary<string, string> ToTransaction(Address from, Address? to, string data)
    {
        var transaction = new Dictionary<string, string>
        {
            ["from"] = from.ToString(),
            ["data"] = data,
            ["gas"] = Quantity.Of(8_000_000),
        };
        if (to is { } contract)
        {
            transaction["to"] = contract.ToString();
        }

        return transaction;
    }
}
