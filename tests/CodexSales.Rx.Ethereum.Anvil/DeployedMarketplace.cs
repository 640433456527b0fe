using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>
/// The contracts of <c>tests/contracts</c> on a node, and what clients, hosts and validators do with them.
/// </summary>
/// <remarks>
/// Every transaction is signed by the node, for one of its accounts, and waits for its block: with
/// <see cref="AnvilOptions.NoMining"/>, use <see cref="AnvilNode.PostAsync"/> instead.
/// </remarks>
public sealed class DeployedMarketplace
{
    // The contract wants more than 256 blocks behind it, whose hashes are the challenges.
    private const ulong BlocksBefore = 300;

    private static readonly UInt256 Funds = UInt256.Parse("1000000000000000000000000000000");

    private DeployedMarketplace(AnvilNode node, Address token, Address marketplace, ulong deployBlock)
    {
        Node = node;
        Token = token;
        Marketplace = marketplace;
        DeployBlock = deployBlock;
    }

    /// <summary>The node.</summary>
    public AnvilNode Node { get; }

    /// <summary>The ERC-20 token that everything is paid in.</summary>
    public Address Token { get; }

    /// <summary>The Marketplace contract.</summary>
    public Address Marketplace { get; }

    /// <summary>The block that created the Marketplace.</summary>
    public ulong DeployBlock { get; }

    /// <summary>A proof that the contract takes, unless it wants proofs of its challenges.</summary>
    public static Groth16Proof Proof { get; } = new(1, 2, 3, 4, 5, 6, 7, 8);

    /// <summary>
    /// Deploys the contracts from the first account, on a node that makes a block for each transaction.
    /// </summary>
    public static async Task<DeployedMarketplace> DeployAsync(AnvilNode node, MarketplaceSettings? settings = null)
    {
        settings ??= new MarketplaceSettings();
        await node.MineAsync(BlocksBefore, secondsApart: 0);
        var token = await CreateAsync(node, "TestToken", CallData.Constructor());
        var verifier = await CreateAsync(
            node, settings.AreProofsBound ? "ChallengeVerifier" : "TestVerifier", CallData.Constructor());
        var arguments = ArgumentsOf(settings, token.Contract!.Value, verifier.Contract!.Value);
        var marketplace = await CreateAsync(node, "Marketplace", arguments);
        return new DeployedMarketplace(
            node, token.Contract.Value, marketplace.Contract!.Value, marketplace.BlockNumber);
    }

    /// <summary>Gives each account 10^30 tokens, and the contract the right to take them.</summary>
    public async Task FundAsync(params IEnumerable<Address> accounts)
    {
        foreach (var account in accounts)
        {
            await MintAsync(account, Funds);
            await ApproveAsync(account, UInt256.MaxValue);
        }
    }

    /// <summary>Makes tokens.</summary>
    public Task<TransactionReceipt> MintAsync(Address account, UInt256 amount) => Node.SendAsync(
        Node.Accounts[0], Token, CallData.Of("mint(address,uint256)").Add(account).Add(amount).ToString());

    /// <summary>Lets the contract take so many of an account's tokens.</summary>
    public Task<TransactionReceipt> ApproveAsync(Address owner, UInt256 amount) =>
        Node.SendAsync(owner, Token, Approval(amount).ToString());

    /// <summary>The call of the token with which an account lets the contract take so many of its tokens.</summary>
    public CallData Approval(UInt256 amount) => CallData.Of("approve(address,uint256)").Add(Marketplace).Add(amount);

    /// <summary>The client of the request asks for storage.</summary>
    public Task<TransactionReceipt> RequestStorageAsync(StorageRequest request) =>
        SendAsync(request.Client, MarketplaceCalls.RequestStorage(request));

    /// <summary>A client takes back what was not spent.</summary>
    public Task<TransactionReceipt> WithdrawFundsAsync(Address client, RequestId request) =>
        SendAsync(client, MarketplaceCalls.WithdrawFunds(request));

    /// <summary>A host reserves a slot.</summary>
    public Task<TransactionReceipt> ReserveSlotAsync(Address host, SlotKey slot) =>
        SendAsync(host, MarketplaceCalls.ReserveSlot(slot));

    /// <summary>A host fills a slot that it has reserved.</summary>
    public Task<TransactionReceipt> FillSlotAsync(Address host, SlotKey slot, Groth16Proof? proof = null) =>
        SendAsync(host, MarketplaceCalls.FillSlot(slot, proof ?? Proof));

    /// <summary>A host gives a slot up or is paid for it.</summary>
    public Task<TransactionReceipt> FreeSlotAsync(Address host, SlotId slot) =>
        SendAsync(host, MarketplaceCalls.FreeSlot(slot));

    /// <summary>A host proves that it holds a slot.</summary>
    public Task<TransactionReceipt> SubmitProofAsync(Address host, SlotId slot, Groth16Proof? proof = null) =>
        SendAsync(host, MarketplaceCalls.SubmitProof(slot, proof ?? Proof));

    /// <summary>A validator reports that a proof of a period is missing.</summary>
    public Task<TransactionReceipt> MarkProofAsMissingAsync(Address validator, SlotId slot, ulong period) =>
        SendAsync(validator, MarketplaceCalls.MarkProofAsMissing(slot, period));

    /// <summary>The state of a slot in the newest block.</summary>
    public async Task<SlotState> GetSlotStateAsync(SlotId slot) =>
        (SlotState)(byte)(ulong)await AskAsync(CallData.Of("slotState(bytes32)").Add(slot.Value));

    /// <summary>A proof for the challenge of a slot as of the newest block.</summary>
    public async Task<Groth16Proof> ProveAsync(SlotId slot) =>
        Proof with { BXReal = await AskAsync(CallData.Of("getChallenge(bytes32)").Add(slot.Value)) };

    /// <summary>The state of a known request in the newest block.</summary>
    public async Task<RequestState> GetRequestStateAsync(RequestId request) =>
        (RequestState)(byte)(ulong)await AskAsync(CallData.Of("requestState(bytes32)").Add(request.Value));

    /// <summary>What of a slot's collateral is left.</summary>
    public Task<UInt256> GetCollateralAsync(SlotId slot) =>
        AskAsync(CallData.Of("currentCollateral(bytes32)").Add(slot.Value));

    /// <summary>Who fills a slot, or filled it; the zero address if nobody does.</summary>
    public async Task<Address> GetHostAsync(SlotId slot)
    {
        var answer = await CallAsync(default, CallData.Of("getHost(bytes32)").Add(slot.Value));
        return new Address(answer.AsSpan(12, Address.Size));
    }

    /// <summary>The slots that the contract lists as a host's, in its order.</summary>
    public async Task<IReadOnlyList<SlotId>> GetSlotsOfAsync(Address host)
    {
        // An offset and a length come before the ids.
        var answer = await CallAsync(host, CallData.Of("mySlots()"));
        return [.. answer.Chunk(Bytes32.Size).Skip(2).Select(word => new SlotId(new Bytes32(word)))];
    }

    /// <summary>How many tokens an account owns.</summary>
    public async Task<UInt256> GetBalanceAsync(Address account)
    {
        var answer = await Node.CallAsync(default, Token, CallData.Of("balanceOf(address)").Add(account).ToString());
        return UInt256.FromBigEndian(answer);
    }

    /// <summary>What a call would return, in the newest block or in an older one.</summary>
    /// <exception cref="JsonRpcException">The contract refuses.</exception>
    public Task<byte[]> CallAsync(Address from, CallData call, ulong? block = null) =>
        Node.CallAsync(from, Marketplace, call.ToString(), block);

    /// <summary>What several questions are answered, in the newest block and in one message.</summary>
    /// <exception cref="JsonRpcException">The contract refuses one of them.</exception>
    public async Task<IReadOnlyList<byte[]>> CallAllAsync(params IEnumerable<CallData> calls)
    {
        var answers = await Node.Rpc.CallAllAsync([.. calls.Select(call => ("eth_call", new object?[]
        {
            new { to = Marketplace.ToString(), data = call.ToString() },
            "latest",
        }))]);
        return [.. answers.Select(answer => Convert.FromHexString(answer.GetString().AsSpan(2)))];
    }

    /// <summary>
    /// What a call would be refused with, in hexadecimal digits after "0x"; null when it would not be.
    /// </summary>
    public async Task<string?> FindRevertAsync(Address from, CallData call, ulong? block = null)
    {
        try
        {
            await CallAsync(from, call, block);
            return null;
        }
        catch (JsonRpcException refusal)
        {
            return refusal.RevertData ?? throw new InvalidOperationException("The node failed.", refusal);
        }
    }

    private Task<TransactionReceipt> SendAsync(Address from, CallData call) =>
        Node.SendAsync(from, Marketplace, call.ToString());

    private async Task<UInt256> AskAsync(CallData call) => UInt256.FromBigEndian(await CallAsync(default, call));

    private static async Task<TransactionReceipt> CreateAsync(AnvilNode node, string name, CallData arguments)
    {
        var bytecode = CompiledContract.Load(name).Bytecode;
        var receipt = await node.SendAsync(node.Accounts[0], to: null, bytecode + arguments.ToString()[2..]);
        return receipt.HasSucceeded ? receipt : throw new InvalidOperationException($"{name} was not created.");
    }

    private static CallData ArgumentsOf(MarketplaceSettings settings, Address token, Address verifier)
    {
        const ulong word = 32;
        return CallData.Constructor()
            .Add(3 * word).Add(token).Add(verifier)
            .Add(settings.RepairRewardPercent).Add(settings.MaxSlashes)
            .Add(settings.SlashPercent).Add(settings.ValidatorRewardPercent)
            .Add(7 * word).Add(settings.MaxReservations).Add(settings.MaxDurationSeconds)
            .Add(settings.PeriodSeconds).Add(settings.TimeoutSeconds)
            .Add(settings.DowntimeBlocks).Add(settings.DowntimeProduct)
            .Add(5 * word).Add([]);
    }
}
