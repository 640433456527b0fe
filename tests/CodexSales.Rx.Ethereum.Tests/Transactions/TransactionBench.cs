using System.Collections.Immutable;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>A manager of transactions on a fake node, in virtual time.</summary>
internal sealed class TransactionBench
{
    public static readonly Address Account = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");

    private readonly TransactionOptions _options;
    private readonly ISigner _signer;

    public TransactionBench(TransactionOptions? options = null, Func<FakeNode, ISigner>? signer = null)
    {
        _options = options ?? new TransactionOptions();
        Node = new FakeNode(Time, Account);
        _signer = signer?.Invoke(Node) ?? Stamp;
        Manager = Start();
    }

    public VirtualTime Time { get; } = new();

    public FakeNode Node { get; }

    public MemoryJournal Journal { get; } = new();

    public StampSigner Stamp { get; } = new(Account);

    public TransactionManager Manager { get; private set; }

    /// <summary>Ends the wait of those who may give up.</summary>
    public CancellationTokenSource GiveUp { get; } = new();

    public List<TransactionNotice> Notices { get; } = [];

    public IEnumerable<TransactionNoticeKind> NoticeKinds => Notices.Select(notice => notice.Kind);

    /// <summary>Which nonces are in blocks, with what they do: the last byte of their data.</summary>
    public IEnumerable<(ulong Nonce, int What)> Mined =>
        Node.Mined.Select(mined => (mined.Nonce, mined.Data.IsEmpty ? -1 : mined.Data[^1]));

    public static TransactionPurpose Reserve(int what) => new(
        TransactionKind.ReserveSlot, new SlotKey(new RequestId(Keccak256.Hash([(byte)what])), 0), null, 0);

    /// <summary>A transaction whose data says which one it is.</summary>
    public static TransactionIntent Intent(int what, TransactionPurpose? purpose = null) => new(
        purpose ?? Reserve(what),
        new ContractCall(Account, Recording.Marketplace, "reserveSlot", [0x12, 0x82, 0x76, 0x02, (byte)what]));

    /// <summary>Sends, and lets time pass until the node has been asked all that it is asked at once.</summary>
    public Task<TransactionReply> Send(int what, TransactionPurpose? purpose = null, bool mayGiveUp = false)
    {
        Task<TransactionReply> reply = null!;
        Time.Run(() =>
        {
            reply = Manager.SubmitAsync(Intent(what, purpose), mayGiveUp ? GiveUp.Token : CancellationToken.None);
            return Task.CompletedTask;
        });
        Settle();
        return reply;
    }

    public void Settle() => Time.AdvanceBy(TimeSpan.FromSeconds(1));

    /// <summary>Makes blocks, one every 12 s, each followed by what the manager of transactions makes of it.</summary>
    public void Mine(int blocks = 1)
    {
        for (; blocks > 0; blocks--)
        {
            Time.AdvanceBy(TimeSpan.FromSeconds(11));
            Node.Mine();
            Settle();
        }
    }

    /// <summary>Ends this manager of transactions as a crash does, and starts another one with the same journal.</summary>
    public void Restart()
    {
        Manager.Dispose();
        Manager = Start();
        Settle();
    }

    /// <summary>The data of a raw transaction that is sent; empty of a cancellation.</summary>
    public static ImmutableArray<byte> DataOf(RpcRequest sent)
    {
        var raw = Replies.ParametersOf(sent)[0].GetString()!;
        Assert.True(new SignedTransaction([.. Convert.FromHexString(raw[2..])]).TryGetUnsigned(out var transaction));
        return transaction.Data;
    }

    public static BlockStamp Landed(Task<TransactionReply> reply) =>
        Assert.IsType<TransactionLanded>(Outcome(reply)).Block;

    public static TransactionRefused Refused(Task<TransactionReply> reply) =>
        Assert.IsType<TransactionRefused>(Outcome(reply));

    public static TransactionNotSent NotSent(Task<TransactionReply> reply) =>
        Assert.IsType<TransactionNotSent>(Outcome(reply));

    public static TransactionOutcome Outcome(Task<TransactionReply> reply)
    {
        Assert.True(reply.IsCompletedSuccessfully, $"{reply.Status}");
        return reply.GetAwaiter().GetResult().Outcome;
    }

    private TransactionManager Start()
    {
        var manager = new TransactionManager(
            Node, _signer, 31_337, Journal, _options, Node.Heads, Node.FinalHeads, Time);
        manager.Notices.Subscribe(Notices.Add);
        Time.RunDue();
        return manager;
    }
}
