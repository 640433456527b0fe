using System.Net;
using System.Text.Json;

namespace CodexSales.Rx.Web.Tests.Operator;

public sealed class AvailabilitiesTests : IDisposable
{
    private const string Offer =
        """{"totalBytes":1024,"maxDurationSeconds":60,"minPricePerBytePerSecond":"5","totalCollateral":"115792089237316195423570985008687907853269984665640564039457584007913129639935"}""";

    private readonly ApiHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void One_is_created_changed_drained_and_gone()
    {
        var (created, offer) = _host.Send(HttpMethod.Post, "availabilities", Offer);
        Assert.Equal(HttpStatusCode.Created, created);
        var id = offer.GetProperty("id").GetString()!;
        Assert.Matches("^0x[0-9a-f]{64}$", id);
        Assert.EndsWith("39935", offer.GetProperty("totalCollateral").GetString(), StringComparison.Ordinal);

        var (changed, after) = _host.Send(HttpMethod.Patch, $"availabilities/{id}", """{"minPricePerBytePerSecond":7,"until":4102444800,"enabled":false}""");
        Assert.Equal(HttpStatusCode.OK, changed);
        Assert.Equal(("7", 1024UL, false), (after.GetProperty("minPricePerBytePerSecond").GetString(), after.GetProperty("totalBytes").GetUInt64(), after.GetProperty("enabled").GetBoolean()));
        Assert.Equal("2100-01-01T00:00:00Z", after.GetProperty("until").GetProperty("iso").GetString());
        Assert.Equal(JsonValueKind.Null, _host.Send(HttpMethod.Patch, $"availabilities/{id}", """{"until":null}""").Body.GetProperty("until").ValueKind);
        Assert.Equal($"{_host.Get($"availabilities/{id}")}", $"{_host.Get("availabilities").EnumerateArray().Single(each => each.GetProperty("id").GetString() == id)}");

        Assert.Equal(HttpStatusCode.NoContent, _host.Send(HttpMethod.Post, $"availabilities/{id}/drain").Status);
        Assert.Equal(404, _host.Refused(HttpMethod.Get, $"availabilities/{id}").Status);
    }

    [Fact]
    public void Of_eight_that_create_one_of_the_same_name_at_once_one_does()
    {
        var body = Offer.Replace("{", """{"id":"new",""", StringComparison.Ordinal);

        var sent = Enumerable.Range(0, 8)
            .Select(_ => _host.Client.PostAsync(new Uri("/api/v1/availabilities", UriKind.Relative), new StringContent(body, null, "application/json")))
            .ToList();

        var answers = _host.Time.WaitFor(Task.WhenAll(sent));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("live")]
    [InlineData("a\\nb")]
    [InlineData("\\u202Eb")]
    public void A_name_that_a_path_or_a_reader_takes_for_something_else_is_refused(string name)
    {
        var (status, sentence) = _host.Refused(
            HttpMethod.Post, "availabilities", Offer.Replace("{", $$"""{"id":"{{name}}",""", StringComparison.Ordinal));

        Assert.Equal(400, status);
        Assert.Contains("that can be seen, and none of ., .., live,", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void One_is_put_under_a_name_of_any_letters_and_removed()
    {
        var name = Uri.EscapeDataString("a b/c%é?");

        Assert.Equal("a b/c%é?", _host.Send(HttpMethod.Put, $"availabilities/{name}", Offer).Body.GetProperty("id").GetString());
        Assert.Equal("a b/c%é?", _host.Get($"availabilities/{name}").GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NoContent, _host.Send(HttpMethod.Delete, $"availabilities/{name}").Status);
        Assert.Equal(404, _host.Refused(HttpMethod.Delete, $"availabilities/{name}").Status);
    }

    [Fact]
    public void One_that_is_in_use_is_not_removed_and_one_of_a_name_that_is_there_not_created()
    {
        _host.Time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(409, _host.Refused(HttpMethod.Delete, "availabilities/disk%201").Status);
        var (status, sentence) = _host.Refused(HttpMethod.Post, "availabilities", Offer.Replace("{", """{"id":"disk 1",""", StringComparison.Ordinal));
        Assert.Equal(409, status);
        Assert.StartsWith("id: 'disk 1' is given, but", sentence, StringComparison.Ordinal);
        Assert.Equal(422, _host.Refused(HttpMethod.Patch, "availabilities/disk%201", """{"totalBytes":1}""").Status);
        Assert.True(_host.Get("availabilities/disk%201").GetProperty("sales").GetInt32() > 0);
    }

    [Theory]
    [InlineData("totalBytes", "0", "totalBytes: '0' is given, but a whole number from 1 to 18446744073709551615 is expected.")]
    [InlineData("totalBytes", "-1", "totalBytes: '-1' is given, but a whole number")]
    [InlineData("totalBytes", "1.5", "totalBytes: '1.5' is given, but a whole number")]
    [InlineData("totalBytes", "18446744073709551616", "totalBytes: '18446744073709551616' is given, but")]
    [InlineData("maxDurationSeconds", "\"ten\"", "maxDurationSeconds: 'ten' is given, but a whole number from 1")]
    [InlineData("maxDurationSeconds", "null", "maxDurationSeconds is not given, but a whole number of seconds is expected.")]
    [InlineData("minPricePerBytePerSecond", "\"0x5\"", "minPricePerBytePerSecond: '0x5' is given, but a whole number from 0 to 2^256 - 1")]
    [InlineData("minPricePerBytePerSecond", "{}", "minPricePerBytePerSecond: '{}' is given, but")]
    [InlineData("totalCollateral", "\"0\"", "totalCollateral: '0' is given, but a whole number from 1 to 2^256 - 1")]
    [InlineData("enabled", "\"yes\"", "enabled: '\"yes\"' is given, but true or false is expected.")]
    [InlineData("until", "\"soon\"", "until: 'soon' is given, but a whole number")]
    [InlineData("until", "1", "")]
    [InlineData("size", "1", "size: there is no such field; totalBytes, maxDurationSeconds")]
    [InlineData("id", "\"\"", "id")]
    [InlineData("totalCollateral\":5,\"totalBytes", "1", "totalCollateral is given twice, but each field is expected once.")]
    public void What_is_wrong_is_told_in_a_sentence_that_names_the_field_and_nothing_is_changed(string field, string value, string sentence)
    {
        _host.Sales.Workers.Pause();
        _host.Time.Advance(TimeSpan.FromMinutes(1)); // Until there is a block, nobody knows what is over.
        var before = $"{_host.Get("availabilities")}";
        var given = new Dictionary<string, string>
        {
            ["totalBytes"] = "1024", ["maxDurationSeconds"] = "60", ["minPricePerBytePerSecond"] = "5", ["totalCollateral"] = "5", [field] = value,
        };

        var (status, said) = _host.Refused(
            HttpMethod.Post, "availabilities", $"{{{string.Join(',', given.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}");

        Assert.StartsWith(sentence, said, StringComparison.Ordinal);
        Assert.True(status is 400 or 422);
        Assert.Equal(before, $"{_host.Get("availabilities")}");
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("{\"totalBytes\":", 400)]
    [InlineData("{\"totalBytes\":[[[[[[[[1]]]]]]]]}", 400)]
    public void A_body_that_is_no_object_is_refused(string body, int status) =>
        Assert.Equal(status, _host.Refused(HttpMethod.Patch, "availabilities/disk%201", body).Status);

    [Fact]
    public void A_body_of_another_kind_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/availabilities") { Content = new StringContent("totalBytes=5") };
        using var response = _host.Answer(request);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(
            "Content-Type: 'text/plain; charset=utf-8' is given, but application/json is expected.",
            JsonDocument.Parse(_host.Time.WaitFor(response.Content.ReadAsStringAsync())).RootElement.GetProperty("detail").GetString());
    }

    [Fact]
    public void No_more_is_offered_than_the_quota_has_room_for_and_what_is_too_much_changes_nothing()
    {
        using var host = new ApiHost(settings: ("SlotFiles:QuotaBytes", "1099511628800")); // 1,024 more than "disk 1" has.
        Assert.Equal(HttpStatusCode.OK, host.Send(HttpMethod.Put, "availabilities/a", Offer.Replace("1024", "1000", StringComparison.Ordinal)).Status);
        var before = $"{host.Get("availabilities")}";

        foreach (var (method, path, body, given, most) in new[]
        {
            (HttpMethod.Post, "availabilities", Offer.Replace("1024", "25", StringComparison.Ordinal), 25, 24),
            (HttpMethod.Put, "availabilities/b", Offer.Replace("1024", "25", StringComparison.Ordinal), 25, 24),
            (HttpMethod.Put, "availabilities/a", Offer.Replace("1024", "1025", StringComparison.Ordinal), 1025, 1024),
            (HttpMethod.Patch, "availabilities/a", """{"totalBytes":1025,"totalCollateral":1}""", 1025, 1024),
        })
        {
            Assert.Equal(
                (422, $"totalBytes: '{given}' is given, but at most {most} is expected: of the quota of 1099511628800 bytes 24 are left."),
                host.Refused(method, path, body));
        }

        Assert.Equal(before, $"{host.Get("availabilities")}");
        Assert.Equal(HttpStatusCode.OK, host.Send(HttpMethod.Patch, "availabilities/a", """{"totalBytes":1024}""").Status);
        Assert.Equal(HttpStatusCode.OK, host.Send(HttpMethod.Patch, "availabilities/a", """{"totalBytes":10}""").Status);
        Assert.Equal(HttpStatusCode.Created, host.Send(HttpMethod.Post, "availabilities", Offer.Replace("1024", "1014", StringComparison.Ordinal)).Status);
    }

    [Fact]
    public void What_is_offered_beyond_a_quota_already_can_be_changed_but_not_widened()
    {
        using var host = new ApiHost(settings: ("SlotFiles:QuotaBytes", "1000"));

        Assert.Equal(HttpStatusCode.OK, host.Send(HttpMethod.Patch, "availabilities/disk%201", """{"minPricePerBytePerSecond":7}""").Status);
        Assert.Equal(422, host.Refused(HttpMethod.Patch, "availabilities/disk%201", """{"totalBytes":1099511627777}""").Status);
    }
}
