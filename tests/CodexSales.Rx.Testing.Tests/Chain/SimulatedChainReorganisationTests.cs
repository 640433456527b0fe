namespace CodexSales.Rx.Testing.Tests.Chain;

public sealed class SimulatedChainReorganisationTests : IDisposable
{
    private const int Deepest = 5;

    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Address Other = Address.Parse("0x00000000000000000000000000000000000000a2");
    private static readonly Groth16Proof Proof = SimulatedProver.AnyProof;

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _market;
    private readonly List<MarketEvent> _told = [];
    private readonly SlotKey _slot;

    public SimulatedChainReorganisationTests()
    {
        _chain = new SimulatedChain(_time, new SimulatedChainOptions { MaxReorganisation = Deepest });
        _market = _chain.ConnectHost(Host);
        _slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask, 3_600), 0);
        Block();
        _chain.Events.Where(happened => happened is not BlockTold).Subscribe(_told.Add);
        _told.Clear();
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void What_is_lost_never_happened_and_its_events_are_taken_back_newest_first()
    {
        var before = _chain.BalanceOf(Host);
        FillIn(_market);
        var filled = _told.ToList();

        Assert.Equal(1, _chain.Reorganise(1, _ => TransactionFate.Lost));

        Assert.Equal((SlotState.Free, before), (_chain.GetSlotState(_slot), _chain.BalanceOf(Host)));
        Assert.Equal(
            Enumerable.Reverse(filled), _told.Skip(filled.Count).Cast<Reverted>().Select(each => each.Original));
        Assert.DoesNotContain(Past(), happened => happened is SlotFilled or Reverted);
    }

    [Fact]
    public void What_is_kept_is_taken_back_and_happens_again()
    {
        FillIn(_market);
        var filled = _told.ToList();

        _chain.Reorganise(1);

        Assert.Equal(SlotState.Filled, _chain.GetSlotState(_slot));
        var again = _told[(2 * filled.Count)..];
        Assert.Equal(filled.Select(each => each.GetType()), again.Select(each => each.GetType()));
        Assert.All(again, each => Assert.Equal(_market.Newest(), each.Block));
        Assert.DoesNotContain(filled[0].Block, again.Select(each => each.Block));
        Assert.Single(Past().OfType<SlotFilled>());
    }

    [Fact]
    public void What_is_delayed_happens_in_the_next_block()
    {
        FillIn(_market);
        _chain.Reorganise(1, _ => TransactionFate.Delayed);
        Assert.Equal(SlotState.Free, _chain.GetSlotState(_slot));

        Block();

        Assert.Equal((SlotState.Filled, Host), (_chain.GetSlotState(_slot), _chain.GetHost(_slot)));
    }

    [Fact]
    public void A_transaction_that_was_refused_may_land_once_the_one_before_it_is_gone()
    {
        var other = _chain.ConnectHost(Other);
        _ = other.ReserveSlotAsync(_slot, default);
        _ = _market.ReserveSlotAsync(_slot, default);
        Block();
        _ = other.FillSlotAsync(_slot, Proof, UInt256.MaxValue, default);
        var ours = _market.FillSlotAsync(_slot, Proof, UInt256.MaxValue, default);
        Block();
        Assert.Equal(Other, _chain.GetHost(_slot));

        _chain.Reorganise(1, sender => sender == Other ? TransactionFate.Lost : TransactionFate.Kept);

        Assert.Equal(Host, _chain.GetHost(_slot));
        Assert.IsType<TransactionRefused>(_time.Run(() => ours));
    }

    [Fact]
    public void Transactions_may_come_in_another_order_in_the_new_block()
    {
        var other = _chain.ConnectHost(Other);
        _ = other.ReserveSlotAsync(_slot, default);
        _ = _market.ReserveSlotAsync(_slot, default);
        Block();
        var ours = _market.FillSlotAsync(_slot, Proof, UInt256.MaxValue, default);
        _ = other.FillSlotAsync(_slot, Proof, UInt256.MaxValue, default);
        Block();
        Assert.Equal(Host, _chain.GetHost(_slot));

        _chain.Reorganise(1, sender => sender == Host ? TransactionFate.KeptLast : TransactionFate.Kept);

        Assert.Equal(Other, _chain.GetHost(_slot));
        Assert.IsType<TransactionLanded>(_time.Run(() => ours));
    }

    [Fact]
    public void A_block_that_replaces_another_one_has_another_hash()
    {
        var hashes = new BlockHashes(seed: 7);
        Bytes32[] before = [hashes.Of(9), hashes.Of(10), hashes.Of(11), hashes.Of(12)];

        hashes.Replace(10, 11);

        Assert.Equal(
            [true, false, false, true],
            new ulong[] { 9, 10, 11, 12 }.Select((number, i) => hashes.Of(number) == before[i]));
    }

    [Fact]
    public void Empty_blocks_are_replaced_without_a_word_but_the_last_head_that_stays_and_the_new_one()
    {
        _time.AdvanceBy(TimeSpan.FromMinutes(5));
        using var heads = _time.Record(_chain.Heads);

        Assert.Equal(0, _chain.Reorganise(2));

        var (before, stays, after) = (heads.Values[0].Value, heads.Values[1].Value, heads.Values[2].Value);
        Assert.Equal(3, heads.Values.Count);
        Assert.Equal(before.Number - 2, stays.Number);
        Assert.Equal(before.WithoutHash(), after.WithoutHash());
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Fact]
    public void An_outcome_that_waits_for_confirmations_is_not_belied()
    {
        var patient = _chain.ConnectHost(Host, new SimulatedMarketOptions { Confirmations = 2 });
        _time.Run(() => patient.ReserveSlotAsync(_slot, default));
        var fill = patient.FillSlotAsync(_slot, Proof, UInt256.MaxValue, default);
        Block();
        Assert.Equal((SlotState.Filled, false), (_chain.GetSlotState(_slot), fill.IsCompleted));

        _chain.Reorganise(1, _ => TransactionFate.Lost);
        _time.RunDue();

        Assert.IsType<TransactionInDoubt>(_time.Run(() => fill));
    }

    [Fact]
    public void Money_that_was_made_meanwhile_stays()
    {
        FillIn(_market);
        _chain.Fund(Other, 7);
        var supply = _chain.TotalSupply;

        _chain.Reorganise(Deepest, _ => TransactionFate.Lost);

        Assert.Equal(supply, _chain.TotalSupply);
        Assert.Equal((UInt256)7, _chain.BalanceOf(Other));
    }

    [Fact]
    public void Only_blocks_that_can_be_replaced_are_kept()
    {
        FillIn(_market);
        _time.AdvanceBy(TimeSpan.FromSeconds(Deepest * _chain.Options.BlockSeconds));

        Assert.Equal(0, _chain.Reorganise(Deepest, _ => TransactionFate.Lost));

        Assert.Equal(SlotState.Filled, _chain.GetSlotState(_slot));
        Assert.Throws<ArgumentOutOfRangeException>(() => _chain.Reorganise(Deepest + 1));
    }

    private void FillIn(SimulatedMarket market)
    {
        _time.Run(() => market.ReserveSlotAsync(_slot, default));
        _told.Clear();
        _time.Run(() => market.FillSlotAsync(_slot, Proof, UInt256.MaxValue, default));
    }

    private void Block() => _time.AdvanceBy(TimeSpan.FromSeconds(_chain.Options.BlockSeconds));

    private List<MarketEvent> Past()
    {
        List<MarketEvent> past = [];
        _chain.Events.Subscribe(past.Add).Dispose();
        return [.. past.WithoutBlocks()];
    }
}
