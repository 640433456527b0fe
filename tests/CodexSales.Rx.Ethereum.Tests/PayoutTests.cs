using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>Who gets what a slot pays.</summary>
public sealed class PayoutTests
{
    private static readonly SlotKey _slot = new(FakeMarketplace.Request, 0);

    private readonly VirtualTime _time = new();
    private readonly FakeNode _node;

    public PayoutTests()
    {
        _node = new FakeNode(_time, TransactionBench.Account);
        _ = new FakeMarketplace(_node);
    }

    [Fact]
    public void A_reward_goes_where_the_option_says_and_the_collateral_comes_back()
    {
        var payee = Address.Parse("0x00000000000000000000000000000000000000cc");
        using var market = Connect(payee);

        var freed = Assert.IsType<TransactionLanded>(Free(market));

        Assert.Equal(
            FakeMarketplace.FreeTo + $"{_slot.SlotId}"[2..] + Word(payee) + Word(TransactionBench.Account), DataMined());
        Assert.Equal(new SlotPayout(70, 30), freed.Payout);
    }

    [Fact]
    public void Without_it_both_go_to_the_account()
    {
        using var market = Connect(null);

        Assert.IsType<TransactionLanded>(Free(market));

        Assert.Equal(FakeMarketplace.Free + $"{_slot.SlotId}"[2..], DataMined());
    }

    [Fact]
    public void Nothing_is_paid_to_the_zero_address() =>
        Assert.Throws<ArgumentException>(() => Connect(default(Address)));

    private EthereumMarket Connect(Address? payee) => new(
        _node,
        new ContractLocation(31_337, Recording.Marketplace),
        new StampSigner(TransactionBench.Account),
        new MemoryJournal(),
        new TransactionOptions { PayoutTo = payee },
        Observable.Never<MarketEvent>(),
        _node.Heads,
        _node.FinalHeads,
        _time);

    private TransactionOutcome Free(EthereumMarket market)
    {
        Task<TransactionOutcome> reply = null!;
        _time.Run(() =>
        {
            reply = market.FreeSlotAsync(_slot, CancellationToken.None);
            return Task.CompletedTask;
        });
        _time.AdvanceBy(TimeSpan.FromSeconds(11));
        _node.Mine();
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        Assert.True(reply.IsCompletedSuccessfully);
        return reply.GetAwaiter().GetResult();
    }

    private string DataMined() => NodeQuestions.Bytes(Assert.Single(_node.Mined).Data.AsSpan());

    private static string Word(Address address) => $"{address}"[2..].PadLeft(64, '0');
}
