using System.Text.Json;

namespace CodexSales.Rx.Web.Tests.Codex;

public sealed class CodexAvailabilityTests : IAsyncLifetime
{
    private const string Path = "/api/codex/v1/sales/availability";
    private const string Body =
        """{"totalSize":1000000,"duration":3600,"minPricePerBytePerSecond":"1000","totalCollateral":"115792089237316195423570985008687907853269984665640564039457584007913129639935"}""";

    private WebHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await WebHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_availability_of_the_settings_is_told_under_an_id_that_is_made_from_its_name()
    {
        var (status, body, response) = await _host.GetAsync(Path);
        Assert.Equal(200, status);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);

        // printf 'disk 1' | sha256sum
        Assert.Equal(
            """
            [{"id":"0x427f97da650590fd6a03e39ce2970e30a35164c4cb5d8a3678132042077a5a70","totalSize":1099511627776,"freeSize":1099511627776,"duration":2592000,"minPricePerBytePerSecond":"1","totalCollateral":"1000000000000000","totalRemainingCollateral":"1000000000000000","enabled":true,"until":0}]
            """,
            body);
    }

    [Fact]
    public async Task One_is_created_read_and_changed()
    {
        var created = await _host.AskAsync(HttpMethod.Post, Path, Body);
        Assert.Equal(201, created.Status);
        var one = JsonDocument.Parse(created.Body).RootElement;
        var id = one.GetProperty("id").GetString()!;
        Assert.Matches("^0x[0-9a-f]{64}$", id);
        Assert.Equal(1_000_000, one.GetProperty("freeSize").GetInt64());
        Assert.Equal("1000", one.GetProperty("minPricePerBytePerSecond").GetString());
        Assert.EndsWith("639935", one.GetProperty("totalRemainingCollateral").GetString(), StringComparison.Ordinal);

        var changed = await _host.AskAsync(
            HttpMethod.Patch, $"{Path}/{id}", """{"totalSize":9007199254740,"duration":18446744073709551615,"enabled":false,"until":18446744073709551615}""");
        Assert.Equal((204, ""), (changed.Status, changed.Body));
        var list = (await _host.GetAsync(Path)).Body;
        Assert.Contains(
            $"\"id\":\"{id}\",\"totalSize\":9007199254740,\"freeSize\":9007199254740,\"duration\":18446744073709551615,\"minPricePerBytePerSecond\":\"1000\"",
            list,
            StringComparison.Ordinal);
        Assert.Contains("\"enabled\":false,\"until\":18446744073709551615", list, StringComparison.Ordinal);

        Assert.Equal(204, (await _host.AskAsync(HttpMethod.Patch, $"{Path}/{id}", """{"until":0}""")).Status);
        Assert.Contains("\"enabled\":false,\"until\":0", (await _host.GetAsync(Path)).Body, StringComparison.Ordinal);
        Assert.Equal((200, "[]"), Of(await _host.GetAsync($"{Path}/{id}/reservations")));
    }

    [Theory]
    [InlineData(400, "", "The body is not readable as JSON")]
    [InlineData(400, """{"totalSize":"\ud800"}""", "The body is not readable as JSON")]
    [InlineData(400, "[]", "The body is JSON of kind Array")]
    [InlineData(400, """{"totalSize":1,"totalSize":2}""", "totalSize is given twice, but each field is expected once.")]
    [InlineData(400, """{"duration":3600,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "totalSize is not given")]
    [InlineData(400, """{"totalSize":1,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "duration is not given")]
    [InlineData(400, """{"totalSize":1,"duration":1,"totalCollateral":"1"}""", "minPricePerBytePerSecond is not given")]
    [InlineData(400, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"1"}""", "totalCollateral is not given")]
    [InlineData(400, """{"totalSize":18446744073709551616,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "totalSize: '18446744073709551616'")]
    [InlineData(400, """{"totalSize":1.5,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "totalSize: '1.5'")]
    [InlineData(400, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"0x1","totalCollateral":"1"}""", "minPricePerBytePerSecond: '0x1'")]
    [InlineData(400, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1","enabled":1}""", "enabled: '1'")]
    [InlineData(400, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1","enable":true}""", "enable: there is no such field")]
    [InlineData(422, """{"totalSize":0,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "totalSize is 0")]
    [InlineData(422, """{"totalSize":1,"duration":0,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "duration is 0")]
    [InlineData(422, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"0","totalCollateral":"1"}""", "minPricePerBytePerSecond is 0")]
    [InlineData(422, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"0"}""", "totalCollateral is 0")]
    [InlineData(422, """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1","until":-1}""", "until is negative")]
    [InlineData(422, """{"totalSize":18446744073709551615,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""", "of the quota of")]
    public async Task One_that_is_wrong_is_not_created(int status, string body, string why)
    {
        var before = (await _host.GetAsync(Path)).Body;
        var refused = await _host.AskAsync(HttpMethod.Post, Path, body);
        AssertRefused(status, why, refused);
        Assert.Equal(before, (await _host.GetAsync(Path)).Body);
    }

    [Theory]
    [InlineData(400, """{"totalSize":"a"}""", "totalSize: 'a'")]
    [InlineData(422, """{"freeSize":1}""", "freeSize")]
    [InlineData(422, """{"totalSize":0}""", "totalSize is 0")]
    [InlineData(422, """{"totalSize":18446744073709551615}""", "of the quota of")]
    [InlineData(422, """{"until":1}""", "would be over already")]
    [InlineData(422, """{"until":-5}""", "until is negative")]
    [InlineData(422, """{"duration":7,"totalCollateral":"0"}""", "totalCollateral is 0")]
    public async Task A_change_that_is_wrong_changes_nothing(int status, string body, string why)
    {
        while (_host.Sales.Health.Pipeline is { Head: null })
        {
            await _host.GetAsync(Path); // Until a block tells the time, nothing is past.
        }

        var before = (await _host.GetAsync(Path)).Body;
        var id = JsonDocument.Parse(before).RootElement[0].GetProperty("id").GetString();
        AssertRefused(status, why, await _host.AskAsync(HttpMethod.Patch, $"{Path}/{id}", body));
        Assert.Equal(before, (await _host.GetAsync(Path)).Body);
    }

    [Fact]
    public async Task Ids_that_are_none_and_ids_of_nothing_are_told_apart()
    {
        var unknown = $"0x{new string('7', 64)}";
        AssertRefused(400, "0x and 64 hexadecimal digits", await _host.AskAsync(HttpMethod.Patch, $"{Path}/7", "{}"));
        AssertRefused(404, "There is no availability", await _host.AskAsync(HttpMethod.Patch, $"{Path}/{unknown}", "{}"));
        AssertRefused(400, "0x and 64 hexadecimal digits", await _host.GetAsync($"{Path}/7/reservations"));
        AssertRefused(404, "There is no availability", await _host.GetAsync($"{Path}/{unknown}/reservations"));
        AssertRefused(400, "0x and 64 hexadecimal digits", await _host.GetAsync("/api/codex/v1/sales/slots/7"));
        AssertRefused(404, "is in no sale", await _host.GetAsync($"/api/codex/v1/sales/slots/{unknown}"));
        Assert.Equal(204, (await _host.AskAsync(HttpMethod.Options, $"{Path}/{unknown}")).Status);
    }

    [Fact]
    public async Task What_is_drained_stays_so()
    {
        Assert.Equal(201, (await _host.AskAsync(HttpMethod.Post, Path, Body)).Status);
        foreach (var balance in _host.Sales.Availabilities.Snapshot)
        {
            await _host.Sales.Availabilities.DrainAsync(balance.Availability.Id);
        }

        Assert.Equal("[]", (await _host.GetAsync(Path)).Body);
    }

    [Theory]
    [InlineData("GET", "data")]
    [InlineData("POST", "data")]
    [InlineData("GET", "data/zDv/network/stream")]
    [InlineData("POST", "storage/request/zDv")]
    [InlineData("GET", "storage/purchases")]
    [InlineData("GET", "connect/16Uiu2")]
    public async Task What_a_seller_does_not_have_is_not_implemented(string method, string path) =>
        AssertRefused(501, "This host sells storage", await _host.AskAsync(new HttpMethod(method), $"/api/codex/v1/{path}"));

    [Fact]
    public async Task Who_asks_for_its_peers_and_its_log_is_answered()
    {
        AssertRefused(503, "no peer-to-peer part", await _host.GetAsync("/api/codex/v1/spr", ("Accept", "application/json")));
        AssertRefused(503, "no peer-to-peer part", await _host.GetAsync("/api/codex/v1/peerid"));
        var info = JsonDocument.Parse((await _host.GetAsync("/api/codex/v1/debug/info")).Body).RootElement;
        Assert.StartsWith("CodexSales ", info.GetProperty("codex").GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Matches("^0x[0-9a-fA-F]{40}$", info.GetProperty("ethAddress").GetString());
        Assert.Equal(0, info.GetProperty("table").GetProperty("nodes").GetArrayLength());
        AssertRefused(400, "level: 'LOUD'", await _host.AskAsync(HttpMethod.Post, "/api/codex/v1/debug/chronicles/loglevel?level=LOUD"));
        AssertRefused(404, "Not Found", await _host.GetAsync("/api/codex/v1/nothing"));
        AssertRefused(405, "Method Not Allowed", await _host.AskAsync(HttpMethod.Delete, Path));
    }

    [Fact]
    public async Task A_client_sets_how_much_is_logged()
    {
        var logger = _host.App.Services.GetRequiredService<ILoggerFactory>();
        using var all = new EveryLine();
        logger.AddProvider(all);
        Assert.False(logger.CreateLogger("CodexSales.Rx").IsEnabled(LogLevel.Trace));
        Assert.Equal((200, ""), Of(await _host.AskAsync(HttpMethod.Post, "/api/codex/v1/debug/chronicles/loglevel?level=TRACE", "")));
        Assert.True(logger.CreateLogger("CodexSales.Rx").IsEnabled(LogLevel.Trace));
        Assert.Equal(200, (await _host.AskAsync(HttpMethod.Post, "/api/codex/v1/debug/chronicles/loglevel?level=error", "")).Status);
        Assert.False(logger.CreateLogger("CodexSales.Rx").IsEnabled(LogLevel.Warning));
        Assert.True(logger.CreateLogger("Another").IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public async Task The_space_is_what_sales_have_written_and_what_is_for_sale_besides() => Assert.Equal(
        (200, """{"totalBlocks":0,"quotaMaxBytes":9007199254740991,"quotaUsedBytes":0,"quotaReservedBytes":1099511627776}"""),
        Of(await _host.GetAsync("/api/codex/v1/space")));

    private static void AssertRefused(int status, string why, (int Status, string Body, HttpResponseMessage Response) answer)
    {
        Assert.Contains(why, answer.Body, StringComparison.Ordinal);
        Assert.Equal((status, "text/plain"), (answer.Status, answer.Response.Content.Headers.ContentType!.MediaType));
    }

    private static (int Status, string Body) Of((int Status, string Body, HttpResponseMessage Response) answer) => (answer.Status, answer.Body);

    private sealed class EveryLine : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
