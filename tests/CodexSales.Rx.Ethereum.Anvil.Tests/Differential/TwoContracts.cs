using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Differential;

/// <summary>
/// The contract on a node and the one of the test kit: every transaction goes to both, and whatever is to be seen of
/// them afterwards must be the same.
/// </summary>
/// <remarks>
/// Which proofs are drawn depends on the hashes of blocks, which the two do not share. So here there is no downtime,
/// and every proof is drawn.
/// </remarks>
/// <param name="market">The contract on the node.</param>
/// <param name="seen">Counts what happens: events, and errors of what is refused.</param>
internal sealed class TwoContracts(DeployedMarketplace market, Dictionary<string, int> seen)
{
    public const ulong PeriodSeconds = 10;

    public static readonly MarketplaceSettings Settings = new() { DowntimeBlocks = 0 };

    private static readonly Dictionary<string, string> Errors = RecordedRun.Names("errorSelectors")
        .Append(KeyValuePair.Create("ERC20InsufficientBalance()", "0xe450d38c"))
        .Append(KeyValuePair.Create("ERC20InsufficientAllowance()", "0xfb8f41b2"))
        .Append(KeyValuePair.Create("Panic()", "0x4e487b71"))
        .ToDictionary(pair => pair.Value, pair => pair.Key[..^2]);

    private readonly SimulatedContract _simulated = new(new SimulatedChainOptions
    {
        Rules = new MarketRules
        {
            RepairRewardPercent = Settings.RepairRewardPercent,
            ProofPeriodSeconds = Settings.PeriodSeconds,
            ProofTimeoutSeconds = Settings.TimeoutSeconds,
            ProofDowntimeBlocks = Settings.DowntimeBlocks,
            MaxMissedProofs = Settings.MaxSlashes,
        },
    });

    // In the order in which the test kit's validators look at them.
    private readonly List<SlotKey> _watched = [];

    /// <summary>The time of the newest block.</summary>
    public UnixSeconds Now { get; private set; }

    public Address Validator => market.Node.Accounts[^1];

    /// <summary>Gives an account so many tokens in both worlds, and the contract the right to take them.</summary>
    public async Task FundAsync(Address account, UInt256 tokens)
    {
        await market.MintAsync(account, tokens);
        await market.ApproveAsync(account, UInt256.MaxValue);
        _simulated.Tokens.Mint(account, tokens);
    }

    /// <summary>Sets the time of the first block, from which on every block's time is told.</summary>
    public async Task BeginAsync(UnixSeconds now)
    {
        await market.Node.MineAtAsync(now);
        Now = now;
    }

    public Task RequestStorageAsync(UnixSeconds at, StorageRequest request) => DoAsync(
        at, request.Client, MarketplaceCalls.RequestStorage(request),
        stamp => _simulated.RequestStorage(stamp, request));

    public Task WithdrawFundsAsync(UnixSeconds at, Address client, RequestId request) => DoAsync(
        at, client, MarketplaceCalls.WithdrawFunds(request), stamp => _simulated.WithdrawFunds(stamp, client, request));

    public Task ReserveSlotAsync(UnixSeconds at, Address host, SlotKey slot) => DoAsync(
        at, host, MarketplaceCalls.ReserveSlot(slot), stamp => _simulated.ReserveSlot(stamp, host, slot));

    public async Task FillSlotAsync(UnixSeconds at, Address host, SlotKey slot, Groth16Proof proof)
    {
        await DoAsync(
            at, host, MarketplaceCalls.FillSlot(slot, proof),
            stamp => _simulated.FillSlot(stamp, host, slot, proof, UInt256.MaxValue));
        if (_simulated.GetSlotState(Now, slot) == SlotState.Filled && !_watched.Contains(slot))
        {
            _watched.Add(slot);
        }
    }

    public Task FreeSlotAsync(UnixSeconds at, Address host, SlotKey slot) => DoAsync(
        at, host, MarketplaceCalls.FreeSlot(slot.SlotId), stamp => _simulated.FreeSlot(stamp, host, slot));

    public Task SubmitProofAsync(UnixSeconds at, Address host, SlotKey slot, Groth16Proof proof) => DoAsync(
        at, host, MarketplaceCalls.SubmitProof(slot.SlotId, proof),
        stamp => _simulated.SubmitProof(stamp, host, slot, proof));

    /// <summary>All validators' work on the current period, in one block so many seconds after its end.</summary>
    public async Task MarkMissingProofsAsync(ulong delay)
    {
        var periodEnd = _simulated.GetPeriodEnd(Now);
        var node = market.Node;
        await node.SetAutomineAsync(false);
        List<string> hashes = [];
        foreach (var slot in _watched)
        {
            var mark = MarketplaceCalls.MarkProofAsMissing(slot.SlotId, (periodEnd.Value / PeriodSeconds) - 1);
            hashes.Add(await node.PostAsync(Validator, market.Marketplace, mark.ToString()));
        }

        Now = periodEnd.Plus(delay);
        await node.MineAtAsync(Now);
        await node.SetAutomineAsync(true);
        List<TransactionReceipt> receipts = [];
        foreach (var hash in hashes)
        {
            receipts.Add((await node.GetReceiptAsync(hash))!);
        }

        var (marks, events) = _simulated.MarkMissingProofs(await GetStampAsync(), periodEnd);
        Assert.Equal(marks, receipts.Count(receipt => receipt.HasSucceeded));
        AssertSameEvents(events, receipts);
        Count("marks", marks);
        _watched.RemoveAll(slot => _simulated.GetSlotState(Now, slot) != SlotState.Filled);
    }

    /// <summary>Compares what the contracts say of a request and its first slots.</summary>
    public async Task AssertSameAsync(RequestId request, ulong slots)
    {
        if (_simulated.FindRequest(request) is not { } record)
        {
            return;
        }

        List<(CallData Call, Bytes32 Answer)> questions =
        [
            (CallData.Of("requestState(bytes32)").Add(request.Value), Word((ulong)record.StateAt(Now))),
            (CallData.Of("requestEnd(bytes32)").Add(request.Value), Word(record.EndAt(Now).Value)),
        ];
        for (ulong index = 0; index < slots; index++)
        {
            questions.AddRange(QuestionsOn(new SlotKey(request, index)));
        }

        var answers = await market.CallAllAsync(questions.Select(question => question.Call));
        Assert.Equal(questions.Select(question => question.Answer), answers.Select(answer => new Bytes32(answer)));
    }

    private IEnumerable<(CallData Call, Bytes32 Answer)> QuestionsOn(SlotKey slot)
    {
        var state = _simulated.GetSlotState(Now, slot);
        yield return (CallData.Of("slotState(bytes32)").Add(slot.SlotId.Value), Word((ulong)state));
        yield return (CallData.Of("getHost(bytes32)").Add(slot.SlotId.Value), Word(_simulated.GetHost(slot)));

        // What was paid out is still written down in the test kit, where nobody asks for it.
        if (state != SlotState.Paid)
        {
            yield return (
                CallData.Of("currentCollateral(bytes32)").Add(slot.SlotId.Value), Word(_simulated.GetCollateral(slot)));
        }
    }

    /// <summary>Compares what accounts own and host.</summary>
    public async Task AssertSameAsync(IEnumerable<Address> accounts)
    {
        Assert.Equal(
            _simulated.Tokens.BalanceOf(SimulatedContract.Account), await market.GetBalanceAsync(market.Marketplace));
        Assert.Equal(
            _simulated.Tokens.BalanceOf(SimulatedContract.Validator), await market.GetBalanceAsync(Validator));
        foreach (var account in accounts)
        {
            Assert.Equal(_simulated.Tokens.BalanceOf(account), await market.GetBalanceAsync(account));
            var expected = _simulated.GetSlotIdsOf(account).Select(slot => slot.ToString()).Order();
            Assert.Equal(expected, (await market.GetSlotsOfAsync(account)).Select(slot => slot.ToString()).Order());
        }
    }

    public bool Knows(RequestId request) => _simulated.FindRequest(request) is not null;

    public Address HostOf(SlotKey slot) => _simulated.GetHost(slot);

    private async Task DoAsync(UnixSeconds at, Address from, CallData call, Func<BlockStamp, ContractReply> simulate)
    {
        await market.Node.SetNextTimeAsync(at);
        var receipt = await market.Node.SendAsync(from, market.Marketplace, call.ToString());
        Now = at;
        var reply = simulate(new BlockStamp(receipt.BlockNumber, at));
        if (receipt.HasSucceeded)
        {
            Assert.IsType<TransactionLanded>(reply.Outcome);
            AssertSameEvents(reply.Events, [receipt]);
        }
        else
        {
            // Alone in its block, it left the state as it found it: asked there, the call has the same answer.
            var revert = await market.FindRevertAsync(from, call, receipt.BlockNumber);
            var error = Errors[Assert.IsType<string>(revert)[..10]];
            AssertSameReason(error, reply.Outcome as TransactionRefused);
            Count(error, 1);
        }
    }

    private void AssertSameEvents(IReadOnlyList<MarketEvent> expected, IEnumerable<TransactionReceipt> receipts)
    {
        Assert.Equal(
            expected.Select(LogOf.Event),
            receipts.SelectMany(receipt => receipt.Logs)
                .Where(log => log.Contract == market.Marketplace)
                .Select(LogOf.Receipt));
        foreach (var happened in expected)
        {
            Count(happened.GetType().Name, 1);
        }
    }

    private static void AssertSameReason(string error, TransactionRefused? refused)
    {
        Assert.True(refused is not null, $"Only the contract on the node refuses, with {error}.");
        switch (refused.Reason)
        {
            case MarketRefusal.Other:
                Assert.StartsWith(error, refused.Detail, StringComparison.Ordinal);
                break;
            case MarketRefusal.NotTheHost:
                Assert.Contains(
                    error, (string[])["Marketplace_InvalidSlotHost", "Marketplace_ProofNotSubmittedByHost"]);
                break;
            case MarketRefusal.InsufficientFunds:
                Assert.Equal("ERC20InsufficientBalance", error);
                break;
            default:
                Assert.EndsWith($"_{refused.Reason}", error, StringComparison.Ordinal);
                break;
        }
    }

    private void Count(string what, int times) => seen[what] = seen.GetValueOrDefault(what) + times;

    private static Bytes32 Word(UInt256 number)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        number.WriteBigEndian(word);
        return new Bytes32(word);
    }

    private static Bytes32 Word(Address account)
    {
        Span<byte> word = stackalloc byte[Bytes32.Size];
        account.CopyTo(word[(Bytes32.Size - Address.Size)..]);
        return new Bytes32(word);
    }

    private async Task<BlockStamp> GetStampAsync()
    {
        var (number, time) = await market.Node.GetHeadAsync();
        return new BlockStamp(number, time);
    }
}
