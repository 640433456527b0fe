using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Testing.Tests.Checks;

public sealed class BooksContractTests
{
    private static readonly Availability Offer = new()
    {
        Id = new AvailabilityId("v1"),
        TotalBytes = 10,
        MaxDurationSeconds = 1,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 5,
    };

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(4, 6, 5, 2)]
    public void Books_that_balance_pass(ulong held, ulong used, ulong collateral, int sales) =>
        BooksContract.AssertBalanced([new AvailabilityBalance(Offer, held, used, collateral, sales)]);

    [Theory]
    [InlineData(5, 6, 1, 1)]
    [InlineData(1, 1, 6, 1)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, 0, 1)]
    public void Books_that_do_not_are_found(ulong held, ulong used, ulong collateral, int sales) =>
        Assert.Throws<ContractViolationException>(() =>
            BooksContract.AssertBalanced([new AvailabilityBalance(Offer, held, used, collateral, sales)]));

    [Fact]
    public void A_reward_that_no_sale_is_to_bring_is_found() =>
        Assert.Throws<ContractViolationException>(() =>
            BooksContract.AssertBalanced([new AvailabilityBalance(Offer, 0, 0, 0, 0) { ExpectedReward = 1 }]));

    [Fact]
    public void Something_that_is_still_held_is_named()
    {
        var violation = Assert.Throws<ContractViolationException>(() =>
            BooksContract.AssertNothingHeld([new AvailabilityBalance(Offer, 4, 0, 5, 1)]));

        Assert.Equal(
            "Something is still held. 'v1': 4 bytes held and 0 used of 10, collateral 5 of 5, 1 sales.",
            violation.Message);
    }
}
