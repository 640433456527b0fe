using CodexSales.Rx.Domain;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class TimesTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(720, "12 min")]
    [InlineData(7320, "2 h 2 min")]
    [InlineData(86_400, "1 d")]
    [InlineData(273_600, "3 d 4 h")]
    [InlineData(63_072_000, "2 y")]
    public void Spans_have_two_units_at_most(double seconds, string text) => Assert.Equal(text, Times.Span(seconds));

    [Fact]
    public void Moments_are_told_from_now_and_as_themselves()
    {
        var now = new UnixSeconds(1_796_063_930);
        Assert.Equal("2 min ago", Times.Relative(new UnixSeconds(now.Value - 120), now));
        Assert.Equal("in 1 d 1 h", Times.Relative(now.Plus(90_000), now));
        Assert.Equal("now", Times.Relative(now, now));
        Assert.Equal("2026-11-30 18:38:50 UTC", Times.Absolute(now));
        Assert.Equal("18446744073709551615 s after 1970", Times.Absolute(UnixSeconds.MaxValue));
    }
}
