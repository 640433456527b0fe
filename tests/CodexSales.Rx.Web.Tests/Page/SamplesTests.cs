using CodexSales.Rx.Web.Page.Recent;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class SamplesTests
{
    [Fact]
    public void What_charts_draw_is_bounded_and_reaches_back_to_the_start()
    {
        var samples = new Samples(capacity: 64);
        for (var second = 0; second < 100_000; second++)
        {
            samples.Add(new Sample(DateTimeOffset.UnixEpoch.AddSeconds(second), second, 0, null, 0, 0));
            Assert.True(samples.Points.Count < 64);
        }

        Assert.Equal(0, samples.Points[0].Earned);
        Assert.True(samples.Points[^1].Earned > 95_000);
        Assert.Equal(samples.Points.Select(point => point.Earned).Order(), samples.Points.Select(point => point.Earned));
        Assert.True(samples.Points.Count >= 31);
    }
}
