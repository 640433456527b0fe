namespace CodexSales.Rx.Testing.Tests.Participants;

public sealed class CompetingHostTests : IDisposable
{
    private static readonly Address Account = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly CompetingHostOptions Eager = new() { Interest = 1, SlotsPerRequest = 50 };

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;

    public CompetingHostTests() => _chain = new SimulatedChain(_time);

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void It_fills_proves_to_the_end_and_is_paid()
    {
        using var host = new CompetingHost(_chain, Account, Eager);
        using var events = _time.Record(_chain.Events);
        var id = _chain.RequestStorage(SomeRequests.Ask with { ProofProbability = 3 }, 3600);

        _time.AdvanceBy(TimeSpan.FromHours(9));
        Assert.Equal(2, host.ActiveSlots);
        _time.AdvanceBy(TimeSpan.FromHours(2));

        Assert.Equal(0, host.ActiveSlots);
        Assert.Equal(SlotState.Paid, _chain.GetSlotState(new SlotKey(id, 0)));
        Assert.Equal(SlotState.Paid, _chain.GetSlotState(new SlotKey(id, 1)));
        Assert.True(_chain.BalanceOf(Account) > _chain.Options.HostFunds);
        Assert.Equal(_chain.TotalSupply - _chain.BalanceOf(Account), _chain.BalanceOf(SimulatedContract.Account));
        Assert.DoesNotContain(events.Values, value => value.Value is SlotFreed);
    }

    [Fact]
    public void It_never_misses_a_proof()
    {
        using var host = new CompetingHost(_chain, Account, Eager);
        var id = _chain.RequestStorage(SomeRequests.Ask with { ProofProbability = 1, DurationSeconds = 864_000 }, 3600);
        _time.AdvanceBy(TimeSpan.FromDays(9));

        Assert.Equal(SlotState.Filled, _chain.GetSlotState(new SlotKey(id, 0)));
        Assert.Equal(UInt256.Zero, _chain.BalanceOf(SimulatedContract.Validator));
    }

    [Fact]
    public void It_takes_no_more_than_it_can_and_leaves_hostile_asks_alone()
    {
        using var host = new CompetingHost(_chain, Account, Eager with { MostSlots = 3 });
        _chain.RequestStorage(SomeRequests.Ask with { Slots = ulong.MaxValue / 36_000, SlotSizeBytes = 0 }, 3600);
        _chain.RequestStorage(SomeRequests.Ask with { CollateralPerByte = UInt256.MaxValue }, 3600);
        _time.AdvanceBy(TimeSpan.FromMinutes(30));
        Assert.Equal(0, host.ActiveSlots);

        _chain.RequestStorage(SomeRequests.Ask with { Slots = 10 }, 3600);
        _time.AdvanceBy(TimeSpan.FromMinutes(30));

        Assert.Equal(3, host.ActiveSlots);
    }

    [Fact]
    public void It_repairs_what_another_host_gave_up()
    {
        var other = _chain.ConnectHost(Address.Parse("0x00000000000000000000000000000000000000b1"));
        var slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask with { Slots = 1 }, 3600), 0);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        _time.Run(() => other.ReserveSlotAsync(slot, default));
        _time.Run(() => other.FillSlotAsync(slot, SimulatedProver.AnyProof, 3003, default));
        using var host = new CompetingHost(_chain, Account, Eager);
        _time.AdvanceBy(TimeSpan.FromMinutes(10));
        Assert.Equal(0, host.ActiveSlots);

        _time.Run(() => other.FreeSlotAsync(slot, default));
        _time.AdvanceBy(TimeSpan.FromMinutes(10));

        Assert.Equal(Account, _chain.GetHost(slot));
    }

    [Fact]
    public void Disposed_it_leaves_no_timer()
    {
        var host = new CompetingHost(_chain, Account, Eager);
        _chain.RequestStorage(SomeRequests.Ask, 3600);
        _time.AdvanceBy(TimeSpan.FromSeconds(30));

        host.Dispose();
        _chain.Dispose();

        Assert.Equal(0, _time.PendingCount);
    }
}
