namespace CodexSales.Rx.Tests.Domain;

public sealed class UnixSecondsTests
{
    [Fact]
    public void A_moment_within_a_second_counts_as_its_start() => Assert.Equal(
        new UnixSeconds(1), UnixSeconds.From(DateTimeOffset.UnixEpoch + TimeSpan.FromMilliseconds(1999)));

    [Fact]
    public void A_moment_before_1970_counts_as_1970() =>
        Assert.Equal(new UnixSeconds(0), UnixSeconds.From(DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void A_sum_beyond_the_last_moment_is_the_last_moment()
    {
        Assert.Equal(UnixSeconds.MaxValue, new UnixSeconds(2).Plus(ulong.MaxValue - 1));
        Assert.Equal(UnixSeconds.MaxValue, new UnixSeconds(2).Plus(ulong.MaxValue - 2));
        Assert.Equal(new UnixSeconds(ulong.MaxValue - 1), new UnixSeconds(2).Plus(ulong.MaxValue - 3));
    }

    [Fact]
    public void Nothing_has_passed_since_a_later_moment()
    {
        Assert.Equal(3UL, new UnixSeconds(5).SecondsSince(new UnixSeconds(2)));
        Assert.Equal(0UL, new UnixSeconds(2).SecondsSince(new UnixSeconds(5)));
    }

    [Fact]
    public void Moments_are_ordered_and_printed_as_numbers()
    {
        var (early, late) = (new UnixSeconds(9), new UnixSeconds(10));

        Assert.True(early < late && early <= late && late > early && late >= early && early.CompareTo(late) < 0);
        Assert.False(early > late || early >= late || late < early || late <= early);
        Assert.Equal("10", late.ToString());
    }
}
