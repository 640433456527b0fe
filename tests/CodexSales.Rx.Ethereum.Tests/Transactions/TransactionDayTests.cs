using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Hours of a manager of transactions while much goes wrong. A whole day is a command of this program: see the tests' README.</summary>
public sealed class TransactionDayTests
{
    private const ulong Gwei = 1_000_000_000;

    [Theory]
    [InlineData(0.25, 1, 1)]
    [InlineData(0.25, 1, 2)]
    [InlineData(2, 3, 1)]
    [InlineData(2, 3, 2)]
    [InlineData(12, 6, 1)]
    [InlineData(12, 6, 2)]
    [InlineData(12, 6, 3)]
    public void No_nonce_is_lost_and_nothing_is_sent_twice_on_chains_of_any_speed(
        double secondsPerBlock, double hours, int seed)
    {
        var day = new TransactionDay(secondsPerBlock, seed).Run(hours);

        TestContext.Current.TestOutputHelper?.WriteLine(day.Summary);
        AssertWell(day);
        Assert.Equal(day.Wanted, day.Landed + day.Missed + day.NotSent);
    }

    // About as much as the proofs cost: what is left of it when new slots have had their part.
    [Fact]
    public void The_limit_of_a_day_is_kept_and_proofs_go_on_when_new_slots_have_stopped()
    {
        var limit = (UInt256)(1_600_000_000 * Gwei);
        var day = new TransactionDay(12, seed: 4, new TransactionOptions { MostWeiPerDay = limit }).Run(6);

        TestContext.Current.TestOutputHelper?.WriteLine(day.Summary);
        Assert.True(day.Spent <= limit, day.Summary);
        Assert.True(day.NotSent > 50, day.Summary);
        Assert.True(day.Missed < 10, day.Summary);
        Assert.Equal(0, day.Twice);
    }

    internal static void AssertWell(TransactionDay day)
    {
        Assert.Equal(0, day.Open);
        Assert.Equal(0, day.Twice);
        Assert.False(day.ShortestReplacement < TimeSpan.FromSeconds(30), day.Summary);
        Assert.True(day.DearestGas <= 500 * Gwei, day.Summary);
        Assert.True(day.Missed * 100 <= day.Wanted, day.Summary);
    }
}
