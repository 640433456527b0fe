using System.Net;

namespace CodexSales.Rx.Web.Tests.Operator;

public sealed class AlertsTests
{
    [Fact]
    public void A_test_alert_is_raised_listed_and_dismissed()
    {
        using var host = new ApiHost();
        var (raised, test) = host.Send(HttpMethod.Post, "alerts/test");
        Assert.Equal((HttpStatusCode.OK, "test"), (raised, test.GetProperty("kind").GetString()));
        var number = test.GetProperty("number");
        Assert.Contains(host.Get("alerts").GetProperty("active").EnumerateArray(), alert => $"{alert.GetProperty("number")}" == $"{number}");

        Assert.Equal(HttpStatusCode.OK, host.Send(HttpMethod.Post, $"alerts/{number}/dismiss").Status);

        Assert.DoesNotContain(host.Get("alerts").GetProperty("active").EnumerateArray(), alert => $"{alert.GetProperty("number")}" == $"{number}");
        var over = host.Get("alerts").GetProperty("past").EnumerateArray().Single(alert => $"{alert.GetProperty("number")}" == $"{number}");
        Assert.True(over.GetProperty("dismissed").GetBoolean());
        Assert.Equal(404, host.Refused(HttpMethod.Post, $"alerts/{number}/dismiss").Status);
        Assert.StartsWith("number: 'x' is given", host.Refused(HttpMethod.Post, "alerts/x/dismiss").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Active_alerts_are_followed_live()
    {
        using var host = new ApiHost();
        using var reader = new LiveReader(host, "alerts/live");
        Assert.Equal("snapshot", reader.Next().Type);
        host.Send(HttpMethod.Post, "alerts/test");

        var change = reader.Next().Data.GetProperty("changes")[0];

        Assert.Equal(("added", "begun", "test"), (change.GetProperty("kind").GetString(), change.GetProperty("cause").GetString(), change.GetProperty("row").GetProperty("kind").GetString()));
    }
}
