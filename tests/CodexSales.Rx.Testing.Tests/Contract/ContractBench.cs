namespace CodexSales.Rx.Testing.Tests.Contract;

/// <summary>
/// A contract with a clock of its own and a few rich accounts: what the tests of its rules start from.
/// </summary>
internal sealed class ContractBench
{
    public static readonly Address Alice = Address.Parse("0x00000000000000000000000000000000000000a1");
    public static readonly Address Bob = Address.Parse("0x00000000000000000000000000000000000000b1");
    public static readonly Address Carol = Address.Parse("0x00000000000000000000000000000000000000ca");
    public static readonly Address Dave = Address.Parse("0x00000000000000000000000000000000000000da");
    public static readonly Groth16Proof Proof = SimulatedProver.AnyProof;
    public static readonly UInt256 Funds = UInt256.Parse("1000000000000000000000000000000");

    public ContractBench(SimulatedChainOptions? options = null)
    {
        Options = options ?? new SimulatedChainOptions();
        Contract = new SimulatedContract(Options);
        foreach (var account in new[] { Alice, Bob, Carol, Dave, SomeRequests.Client })
        {
            Contract.Tokens.Mint(account, Funds);
        }
    }

    public SimulatedChainOptions Options { get; }

    public SimulatedContract Contract { get; }

    public UnixSeconds Now { get; set; } = UnixSeconds.From(VirtualTime.Start);

    // A block every 12 s, as by default.
    public BlockStamp At => new(1000 + (Now.SecondsSince(RequestedAt) / 12), Now);

    public UnixSeconds Expiry => RequestedAt.Plus(SomeRequests.Request.ExpirySeconds);

    public UnixSeconds End => RequestedAt.Plus(SomeRequests.Ask.DurationSeconds);

    public UnixSeconds RequestedAt { get; } = UnixSeconds.From(VirtualTime.Start);

    public RequestId Request(StorageAsk? ask = null, ulong nonce = 0)
    {
        Span<byte> bytes = stackalloc byte[32];
        ((UInt256)nonce).WriteBigEndian(bytes);
        var request = SomeRequests.Request with { Ask = ask ?? SomeRequests.Ask, Nonce = new Bytes32(bytes) };
        Assert.IsType<TransactionLanded>(Contract.RequestStorage(At, request).Outcome);
        return RequestId.Of(request);
    }

    public ContractReply Reserve(Address host, SlotKey slot) => Contract.ReserveSlot(At, host, slot);

    public ContractReply Fill(Address host, SlotKey slot) =>
        Contract.FillSlot(At, host, slot, Proof, UInt256.MaxValue);

    public ContractReply ReserveAndFill(Address host, SlotKey slot)
    {
        AssertLanded(Reserve(host, slot));
        var reply = Fill(host, slot);
        AssertLanded(reply);
        return reply;
    }

    public ContractReply Free(Address host, SlotKey slot) => Contract.FreeSlot(At, host, slot);

    /// <summary>A request of two slots, both filled by Alice at the moment of the request.</summary>
    public RequestId StartedRequest(StorageAsk? ask = null)
    {
        var id = Request(ask);
        ReserveAndFill(Alice, new SlotKey(id, 0));
        ReserveAndFill(Alice, new SlotKey(id, 1));
        return id;
    }

    public SlotState StateOf(SlotKey slot) => Contract.GetSlotState(Now, slot);

    public UInt256 BalanceOf(Address account) => Contract.Tokens.BalanceOf(account);

    /// <summary>
    /// Moves on to the first second in which validators can mark the proofs of the current period, and lets them.
    /// </summary>
    public (int Marks, IReadOnlyList<MarketEvent> Events) EndPeriod()
    {
        var end = Contract.GetPeriodEnd(Now);
        Now = end.Plus(1);
        return Contract.MarkMissingProofs(At, end);
    }

    public static void AssertLanded(ContractReply reply) => Assert.IsType<TransactionLanded>(reply.Outcome);

    public static void AssertRefused(MarketRefusal reason, ContractReply reply)
    {
        Assert.Equal(reason, Assert.IsType<TransactionRefused>(reply.Outcome).Reason);
        Assert.Empty(reply.Events);
    }

    public static void AssertRefused(string error, ContractReply reply)
    {
        AssertRefused(MarketRefusal.Other, reply);
        Assert.Contains(error, ((TransactionRefused)reply.Outcome).Detail, StringComparison.Ordinal);
    }
}
