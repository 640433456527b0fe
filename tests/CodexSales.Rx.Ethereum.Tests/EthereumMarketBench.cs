using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>A market on a fake node with a fake contract, in virtual time.</summary>
public abstract class EthereumMarketBench
{
    private protected static readonly Groth16Proof _proof = new(1, 2, 3, 4, 5, 6, 7, 8);

    private protected readonly VirtualTime _time = new();
    private protected readonly MemoryJournal _journal = new();
    private protected readonly FakeNode _node;
    private protected readonly FakeMarketplace _contract;
    private protected readonly List<TransactionNotice> _notices = [];
    private protected EthereumMarket _market;

    private protected EthereumMarketBench()
    {
        _node = new FakeNode(_time, TransactionBench.Account) { BlockSeconds = 0 };
        _contract = new FakeMarketplace(_node);
        _market = Start(new TransactionOptions());
    }

    private protected Task<TransactionOutcome> Fill(ulong slot, UInt256 collateral)
    {
        _contract.Collateral[Slot(slot)] = collateral;
        return Do(market => market.FillSlotAsync(Slot(slot), _proof, collateral, CancellationToken.None));
    }

    private protected Task<T> Do<T>(Func<EthereumMarket, Task<T>> call)
    {
        var reply = Start(call);
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        return reply;
    }

    private protected Task<T> Start<T>(Func<EthereumMarket, Task<T>> call)
    {
        TaskCompletionSource<T> reply = new();
        _time.Schedule(async () =>
        {
            try
            {
                reply.SetResult(await call(_market));
            }
            catch (MarketUnavailableException unavailable)
            {
                reply.SetException(unavailable);
            }
        });
        return reply.Task;
    }

    private protected void Mine(int blocks = 1)
    {
        for (; blocks > 0; blocks--)
        {
            _time.AdvanceBy(TimeSpan.FromSeconds(11));
            _node.Mine();
            _time.AdvanceBy(TimeSpan.FromSeconds(1));
        }
    }

    private protected void FailInItsBlock(ulong collateral)
    {
        var failed = Fill(0, collateral);
        _contract.Reverts = data => data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal)
            && Abi.RecordedCalls.Number(data, 1) == 0;
        Mine(2);
        Assert.Equal(MarketRefusal.SlotNotFree, Assert.IsType<TransactionRefused>(Outcome(failed)).Reason);
        Assert.Equal(collateral, _contract.Allowance);
    }

    private protected static Func<RpcRequest, RpcReply?> Before(
        Func<RpcRequest, RpcReply?> then, Func<RpcRequest, RpcReply?> first) => asked => first(asked) ?? then(asked);

    private protected static bool IsOf(RpcRequest asked, string selector) =>
        Replies.CallDataOf(asked).StartsWith(selector, StringComparison.Ordinal);

    private protected static SlotKey Slot(ulong index) => new(FakeMarketplace.Request, index);

    private protected static TransactionOutcome Outcome(Task<TransactionOutcome> reply) => Value(reply);

    private protected static T Value<T>(Task<T> reply)
    {
        Assert.True(reply.IsCompletedSuccessfully, $"{reply.Status}");
        return reply.GetAwaiter().GetResult();
    }

    private protected EthereumMarket Start(TransactionOptions options)
    {
        var market = new EthereumMarket(
            _node,
            new ContractLocation(31_337, Recording.Marketplace),
            new StampSigner(TransactionBench.Account),
            _journal,
            options,
            Observable.Never<MarketEvent>(),
            _node.Heads,
            _node.FinalHeads,
            _time);
        market.TransactionNotices.Subscribe(_notices.Add);
        _time.RunDue();
        return market;
    }
}
