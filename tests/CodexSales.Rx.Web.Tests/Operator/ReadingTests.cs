using System.Net;
using System.Text.Json;

namespace CodexSales.Rx.Web.Tests.Operator;

/// <summary>What is read of a host, on a market that is simulated.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly ApiHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Health_tells_the_sentence_its_figures_and_the_block()
    {
        _host.Time.Advance(TimeSpan.FromHours(3));

        var health = _host.Get("health");

        Assert.Equal(_host.Sales.Health.Sentence, health.GetProperty("sentence").GetString());
        Assert.Contains(health.GetProperty("status").GetString(), new[] { "selling", "waiting" });
        Assert.Equal(_host.Sales.Health.Pipeline!.Head!.Value.Number, health.GetProperty("block").GetProperty("number").GetUInt64());
        Assert.True(health.GetProperty("hosted").GetInt32() > 0);
    }

    [Fact]
    public void The_queue_is_read_in_pages_that_follow_each_other()
    {
        _host.Sales.Workers.Pause();
        _host.Time.Advance(TimeSpan.FromHours(3));
        var all = _host.Get("queue?count=1000");

        var pages = Enumerable.Range(0, 3).SelectMany(page => _host.Get($"queue?count=2&offset={2 * page}").GetProperty("items").EnumerateArray());

        Assert.True(all.GetProperty("total").GetInt32() > 6);
        Assert.Equal(all.GetProperty("items").EnumerateArray().Take(6).Select(row => $"{row}"), pages.Select(row => $"{row}"));
        Assert.Equal(0, _host.Get("queue?offset=2147483647").GetProperty("items").GetArrayLength());
    }

    [Fact]
    public void A_queued_slot_is_told_with_its_terms()
    {
        _host.Sales.Workers.Pause();
        _host.Time.Advance(TimeSpan.FromHours(3));

        var row = _host.Get("queue").GetProperty("items")[0];

        var first = _host.Sales.Queue.Snapshot.Items[0];
        var terms = first.Terms;
        Assert.Equal(
            JsonSerializer.Serialize(new
            {
                slotId = $"{first.Slot.SlotId}",
                requestId = $"{first.Slot.RequestId}",
                slotIndex = first.SlotIndex,
                slotSizeBytes = terms.Ask.SlotSizeBytes,
                durationSeconds = terms.DurationSeconds,
                pricePerBytePerSecond = $"{terms.Ask.PricePerBytePerSecond}",
                reward = $"{terms.Reward}",
                collateral = $"{terms.Collateral}",
                expiresAt = new { unix = terms.ExpiresAt.Value, iso = DateTimeOffset.FromUnixTimeSeconds((long)terms.ExpiresAt.Value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null) },
                endsAt = new { unix = terms.EndsAt.Value, iso = DateTimeOffset.FromUnixTimeSeconds((long)terms.EndsAt.Value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null) },
                isRepair = terms.IsRepair,
                isDeferred = first.IsDeferred,
            }),
            row.GetRawText());
    }

    [Fact]
    public void How_many_slots_are_queued_can_be_changed()
    {
        _host.Sales.Workers.Pause();
        _host.Time.Advance(TimeSpan.FromHours(3));
        var changed = _host.Send(HttpMethod.Patch, "queue", """{"capacity":3}""").Body;
        Assert.Equal((3, 3), (changed.GetProperty("capacity").GetInt32(), changed.GetProperty("total").GetInt32()));

        Assert.Equal((3, 3), (_host.Get("queue").GetProperty("total").GetInt32(), _host.Get("options").GetProperty("queueCapacity").GetInt32()));
        Assert.StartsWith("capacity: '0' is given", _host.Refused(HttpMethod.Patch, "queue", """{"capacity":0}""").Detail, StringComparison.Ordinal);
        Assert.StartsWith("capacity is not given", _host.Refused(HttpMethod.Patch, "queue", "{}").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_sales_are_read_all_and_one_by_one()
    {
        _host.Time.Advance(TimeSpan.FromHours(3));

        var sales = _host.Get("sales");

        var first = sales.GetProperty("items")[0];
        Assert.Equal($"{first}", $"{_host.Get($"sales/{first.GetProperty("number")}")}");
        Assert.Equal(sales.GetProperty("total").GetInt32(), _host.Sales.Sales.Count);
        Assert.Equal(404, _host.Refused(HttpMethod.Get, "sales/999999").Status);
        Assert.StartsWith("number: 'one' is given", _host.Refused(HttpMethod.Get, "sales/one").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_are_limited_paused_and_resumed()
    {
        var (status, changed) = _host.Send(HttpMethod.Patch, "workers", """{"limit":5,"paused":true}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((5, true, 5), (changed.GetProperty("limit").GetInt32(), changed.GetProperty("paused").GetBoolean(), changed.GetProperty("maxLimit").GetInt32()));
        Assert.Equal($"{_host.Get("workers")}", $"{changed}");
        Assert.Equal((false, null), Paused(_host.Send(HttpMethod.Post, "workers/resume").Body));
        Assert.Equal((true, "paused"), Paused(_host.Send(HttpMethod.Post, "workers/pause").Body));

        Assert.Equal(
            "limit: '6' is given, but a whole number from 0 to 5 is expected.",
            _host.Refused(HttpMethod.Patch, "workers", """{"limit":6,"paused":false}""").Detail);
        Assert.Equal(400, _host.Refused(HttpMethod.Patch, "workers", """{"limit":1,"paused":"no"}""").Status);
        Assert.StartsWith("limit is not given", _host.Refused(HttpMethod.Patch, "workers", "{}").Detail, StringComparison.Ordinal);
        Assert.Equal((5, true), (Workers("limit").GetInt32(), Workers("paused").GetBoolean()));
    }

    [Fact]
    public void The_chain_balances_and_transactions_are_those_of_a_simulated_market()
    {
        Assert.Equal(404, _host.Refused(HttpMethod.Get, "balances").Status); // No block yet.
        _host.Time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(JsonValueKind.Null, _host.Get("chain").GetProperty("chainId").ValueKind);
        Assert.Equal($"{_host.Get("chain").GetProperty("block")}", $"{_host.Get("health").GetProperty("block")}");
        var balances = _host.GetInTime("balances");
        Assert.Matches("^[1-9][0-9]*$", balances.GetProperty("tokens").GetString());
        Assert.Equal(JsonValueKind.Null, balances.GetProperty("etherWei").ValueKind);
        Assert.True(balances.GetProperty("proofsPerDay").GetDouble() > 0);
        Assert.Equal(0, _host.Get("transactions?inFlight=true").GetProperty("items").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, _host.Get("options").GetProperty("transactions").ValueKind);
    }

    [Theory]
    [InlineData("queue?count=0", "count: '0' is given, but a whole number from 1 to 1000 is expected.")]
    [InlineData("queue?count=1001", "count: '1001' is given")]
    [InlineData("queue?offset=-1", "offset: '-1' is given")]
    [InlineData("queue/live?count=x", "count: 'x' is given")]
    [InlineData("history?before=0", "before: '0' is given")]
    [InlineData("transactions?before=0", "before: '0' is given, but a whole number from 1 to 9223372036854775807 is expected.")]
    [InlineData("history?reason=sold", "reason: 'sold' is given, but one of paid, noAvailability")]
    [InlineData("history?reason=0", "reason: '0' is given")]
    [InlineData("history?from=yesterday", "from: 'yesterday' is given, but a time in Unix seconds")]
    [InlineData("history?format=xml", "format: 'xml' is given, but json or csv is expected.")]
    [InlineData("refusals/log?count=many", "count: 'many' is given")]
    [InlineData("transactions?inFlight=maybe", "inFlight: 'maybe' is given, but true or false is expected.")]
    public void A_parameter_that_is_wrong_is_told_by_its_name(string path, string sentence) =>
        Assert.StartsWith(sentence, _host.Refused(HttpMethod.Get, path).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData("history")]
    [InlineData("refusals/log")]
    public void Without_a_store_the_past_is_not_there_and_a_sentence_says_so(string path)
    {
        var (status, sentence) = _host.Refused(HttpMethod.Get, path);

        Assert.Equal(404, status);
        Assert.Contains("UseSqlite() chooses one", sentence, StringComparison.Ordinal);
    }

    // What idles before the first block has another reason.
    private static (bool, string?) Paused(JsonElement workers) =>
        (workers.GetProperty("paused").GetBoolean(), workers.GetProperty("idle").GetString() is "paused" ? "paused" : null);

    private JsonElement Workers(string name) => _host.Get("workers").GetProperty(name);
}
