namespace CodexSales.Rx.Tests.Domain;

public sealed class StorageAskTests
{
    private static readonly StorageAsk _ask = new()
    {
        ProofProbability = 4,
        PricePerBytePerSecond = 1000,
        CollateralPerByte = 7,
        Slots = 4,
        SlotSizeBytes = 65536,
        DurationSeconds = 36000,
        MaxSlotLoss = 2,
    };

    [Fact]
    public void The_reward_of_a_slot_is_price_by_size_by_duration()
    {
        Assert.True(_ask.TryGetSlotReward(out var reward));
        Assert.Equal<UInt256>(1000UL * 65536 * 36000, reward);
    }

    [Fact]
    public void The_collateral_of_a_slot_is_price_by_size()
    {
        Assert.True(_ask.TryGetSlotCollateral(out var collateral));
        Assert.Equal<UInt256>(7UL * 65536, collateral);
    }

    [Fact]
    public void A_price_that_overflows_in_the_first_product_has_no_reward() =>
        Assert.False((_ask with { PricePerBytePerSecond = UInt256.MaxValue }).TryGetSlotReward(out _));

    [Fact]
    public void A_price_that_overflows_in_the_second_product_has_no_reward()
    {
        var ask = _ask with { PricePerBytePerSecond = UInt256.MaxValue / 65536 };

        Assert.False(ask.TryGetSlotReward(out _));
        Assert.True((ask with { DurationSeconds = 1 }).TryGetSlotReward(out _));
    }

    [Fact]
    public void A_collateral_over_256_bits_is_none() =>
        Assert.False((_ask with { CollateralPerByte = UInt256.MaxValue }).TryGetSlotCollateral(out _));
}
