namespace CodexSales.Rx.Tests.Queueing;

public sealed class SlotOrderTests
{
    private static readonly SlotTerms Usual = Terms(reward: 100, collateral: 50, expiresAt: 1000, sizeBytes: 10);

    [Fact]
    public void Slots_that_are_not_deferred_come_before_deferred_ones_whatever_they_pay() =>
        Assert.True(IsBetter(Slot(Usual), Slot(Terms(reward: 999)) with { IsDeferred = true }));

    [Fact]
    public void A_higher_reward_comes_first() =>
        Assert.True(IsBetter(Slot(Terms(reward: 101, collateral: 99, expiresAt: 1, sizeBytes: 99)), Slot(Usual)));

    [Fact]
    public void A_lower_collateral_breaks_a_tie_of_rewards() =>
        Assert.True(IsBetter(Slot(Terms(collateral: 49, expiresAt: 1, sizeBytes: 99)), Slot(Usual)));

    [Fact]
    public void A_later_expiry_breaks_a_tie_of_collaterals() =>
        Assert.True(IsBetter(Slot(Terms(expiresAt: 1001, sizeBytes: 99)), Slot(Usual)));

    [Fact]
    public void A_smaller_slot_breaks_a_tie_of_expiries() =>
        Assert.True(IsBetter(Slot(Terms(sizeBytes: 9)), Slot(Usual)));

    [Fact]
    public void Arrival_decides_between_equal_terms_of_different_requests() =>
        Assert.True(IsBetter(Slot(Terms(), sequence: 1, ordinal: 9), Slot(Usual, sequence: 2)));

    [Fact]
    public void Arrival_decides_within_a_request() =>
        Assert.True(IsBetter(Slot(Usual, ordinal: 1), Slot(Usual, ordinal: 2)));

    [Fact]
    public void A_hosts_own_order_replaces_the_terms_but_neither_deferred_nor_arrival()
    {
        var cheapestFirst = new SlotOrder(Comparer<SlotTerms>.Create((x, y) => x.Reward.CompareTo(y.Reward)));
        var (cheap, dear) = (Terms(reward: 1), Terms(reward: 2, collateral: 1));

        Assert.True(cheapestFirst.Compare(Slot(cheap), Slot(dear)) < 0);
        Assert.True(cheapestFirst.Compare(Slot(cheap) with { IsDeferred = true }, Slot(dear)) > 0);
        var asCheap = Terms(reward: 1, collateral: 9);
        Assert.True(cheapestFirst.Compare(Slot(cheap, sequence: 2), Slot(asCheap, sequence: 1)) > 0);
    }

    [Fact]
    public void It_is_a_total_order_over_slots_that_differ_in_arrival()
    {
        var random = new Random(1);
        var slots = Enumerable.Range(0, 40)
            .Select(i => Slot(Terms(Bit(), Bit(), Bit(), Bit()), i / 2, (ulong)i) with { IsDeferred = Bit() == 0 })
            .ToList();
        var order = SlotOrder.Standard;

        foreach (var (x, y) in slots.SelectMany(x => slots.Select(y => (x, y))))
        {
            Assert.Equal(Math.Sign(order.Compare(x, y)), -Math.Sign(order.Compare(y, x)));
            Assert.Equal(ReferenceEquals(x, y), order.Compare(x, y) == 0);
            Assert.All(slots.Where(z => order.Compare(x, y) < 0 && order.Compare(y, z) < 0), z =>
                Assert.True(order.Compare(x, z) < 0));
        }

        ulong Bit() => (ulong)random.Next(2);
    }

    private static bool IsBetter(OpenSlot x, OpenSlot y) =>
        SlotOrder.Standard.Compare(x, y) < 0 && SlotOrder.Standard.Compare(y, x) > 0;

    private static OpenSlot Slot(SlotTerms terms, long sequence = 0, ulong ordinal = 0) =>
        new(terms, ordinal, new SlotArrival(sequence, ordinal));

    private static SlotTerms Terms(
        ulong reward = 100, ulong collateral = 50, ulong expiresAt = 1000, ulong sizeBytes = 10) => new()
    {
        RequestId = default,
        Ask = new StorageAsk
        {
            ProofProbability = 1,
            PricePerBytePerSecond = 1,
            CollateralPerByte = 1,
            Slots = 1,
            SlotSizeBytes = sizeBytes,
            DurationSeconds = 1,
            MaxSlotLoss = 0,
        },
        Reward = reward,
        Collateral = collateral,
        ExpiresAt = new UnixSeconds(expiresAt),
        EndsAt = new UnixSeconds(expiresAt),
    };
}
