using System.Text.Json;

namespace CodexSales.Rx.Web.Tests.Operator;

/// <summary>Live lists by server-sent events.</summary>
public sealed class LiveListTests
{
    [Theory]
    [InlineData("queue/live", "slotId")]
    [InlineData("sales/live", "number")]
    [InlineData("availabilities/live", "id")]
    public void A_reader_gets_the_list_and_then_what_changes_and_ends_with_the_same_list(string path, string key)
    {
        using var host = new ApiHost();
        using var reader = new LiveReader(host, path);

        var (type, firstId, first) = reader.Next();

        Assert.Equal(("snapshot", true), (type, first.GetProperty("isSnapshot").GetBoolean()));
        var list = Apply([], first);
        for (var events = 0; events < 30; events++)
        {
            var (kind, id, data) = reader.Next();
            Assert.Equal("changes", kind);
            Assert.NotEqual(firstId, id);
            list = Apply(list, data);
        }

        Assert.NotEmpty(list.Select(row => row.GetProperty(key)));
        Assert.Equal(list.Count, list.Select(row => $"{row.GetProperty(key)}").Distinct().Count());
    }

    [Theory]
    [InlineData("queue/live")]
    [InlineData("alerts/live")]
    public void A_reader_ends_with_the_app_and_does_not_keep_it(string path)
    {
        using var host = new ApiHost();
        using var reader = new LiveReader(host, path);
        reader.Next();

        host.Stop();

        reader.ReadToEnd();
    }

    [Theory]
    [InlineData("queue/live")]
    [InlineData("sales/live")]
    [InlineData("availabilities/live")]
    [InlineData("alerts/live")]
    public void A_proxy_is_told_to_pass_events_on_as_they_come(string path)
    {
        using var host = new ApiHost();
        using var reader = new LiveReader(host, path);

        Assert.Equal("no", reader.Header("X-Accel-Buffering"));
        Assert.Contains("no-cache", reader.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_part_of_a_list_is_another_list()
    {
        using var host = new ApiHost();
        host.Sales.Workers.Pause();
        host.Time.Advance(TimeSpan.FromHours(2));
        using var few = new LiveReader(host, "queue/live?count=2");
        using var more = new LiveReader(host, "queue/live?count=3", few.Next().Id);

        Assert.Equal("snapshot", more.Next().Type);
    }

    [Fact]
    public void A_reader_that_comes_back_goes_on_where_nothing_has_changed_and_else_gets_the_list_once_more()
    {
        using var host = new ApiHost();
        host.Sales.Workers.Pause();
        host.Time.Advance(TimeSpan.FromHours(2));
        string lastId;
        using (var reader = new LiveReader(host, "queue/live?count=3"))
        {
            lastId = reader.Next().Id;
        }

        using (var back = new LiveReader(host, "queue/live?count=3", lastId))
        {
            var (type, id, data) = back.Next();
            Assert.Equal(("changes", lastId, 0), (type, id, data.GetProperty("changes").GetArrayLength()));
        }

        host.Time.Advance(TimeSpan.FromHours(2));
        using var late = new LiveReader(host, "queue/live?count=3", lastId);
        var fresh = late.Next();
        Assert.Equal("snapshot", fresh.Type);
        Assert.NotEqual(lastId, fresh.Id);
        Assert.Equal(
            host.Get("queue?count=3").GetProperty("items").EnumerateArray().Select(row => $"{row}"),
            fresh.Data.GetProperty("changes").EnumerateArray().Select(change => $"{change.GetProperty("row")}"));
    }

    private static List<JsonElement> Apply(List<JsonElement> list, JsonElement data)
    {
        list = data.GetProperty("isSnapshot").GetBoolean() ? [] : list;
        foreach (var change in data.GetProperty("changes").EnumerateArray())
        {
            var (from, to) = (change.GetProperty("from").GetInt32(), change.GetProperty("to").GetInt32());
            if (from >= 0)
            {
                list.RemoveAt(from);
            }

            if (to >= 0)
            {
                list.Insert(to, change.GetProperty("row"));
            }
        }

        return list;
    }
}
