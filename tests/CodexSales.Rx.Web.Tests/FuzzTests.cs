using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CodexSales.Rx.Web.Tests;

/// <summary>
/// Requests as nobody means them, to every call of the API document and of the API of Codex: whatever comes, it is refused or answered,
/// and is never a fault of the host's.
/// </summary>
public sealed class FuzzTests
{
    private const int Requests = 20_000;
    private const int AtOnce = 16;

    private static readonly (string Method, string Path)[] _codex =
    [
        ("GET", "/api/codex/v1/sales/slots"),
        ("GET", "/api/codex/v1/sales/slots/{id}"),
        ("GET", "/api/codex/v1/sales/availability"),
        ("POST", "/api/codex/v1/sales/availability"),
        ("PATCH", "/api/codex/v1/sales/availability/{id}"),
        ("OPTIONS", "/api/codex/v1/sales/availability/{id}"),
        ("GET", "/api/codex/v1/sales/availability/{id}/reservations"),
        ("GET", "/api/codex/v1/space"),
        ("GET", "/api/codex/v1/debug/info"),
        ("POST", "/api/codex/v1/debug/chronicles/loglevel"),
        ("GET", "/api/codex/v1/data/{cid}"),
        ("POST", "/sign-in"),
        ("POST", "/sign-out"),
    ];

    private static readonly string[] _values =
    [
        "", "0", "1", "-1", "18446744073709551615", "18446744073709551616", "9007199254740993", "1e400", "0x", $"0x{new string('0', 64)}",
        $"0x{new string('F', 64)}", "115792089237316195423570985008687907853269984665640564039457584007913129639936", "disk 1", "null", "true",
        "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "%00", "a\u0000b", "\ud83d\ude00", "\u202e", "2026-11-30T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "NaN", "${jndi:ldap://x}", "{{7*7}}", "json", "csv", "paid", new('x', 2_000), new('9', 2_000),
    ];

    private static readonly string[] _fields =
    [
        "id", "totalSize", "duration", "minPricePerBytePerSecond", "totalCollateral", "enabled", "until", "freeSize", "totalBytes",
        "maxDurationSeconds", "limit", "paused", "name", "level", "count", "before", "offset", "from", "to", "format", "reason", "",
    ];

    private static readonly string[] _raw =
    [
        "1", "0", "-1", "1.5", "1e999", "18446744073709551615", "99999999999999999999999999", "null", "true", "[]", "{}", "[[[[[[[[", "\"1\"",
        "\"1000\"", "\"\"", "\"\\ud800\"", "\"<b>\"", "{\"a\":{\"a\":{\"a\":{}}}}", "00", "\"2026-11-30T00:00:00Z\"", "1000000", "3600",
    ];

    [Fact]
    public async Task No_request_is_a_fault_of_the_hosts()
    {
        await using var host = await WebHost.StartAsync();
        var calls = _codex.Concat(await ReadDocumentAsync(host)).ToArray();
        var faults = new ConcurrentBag<string>();
        var statuses = new ConcurrentDictionary<int, int>();
        await Parallel.ForAsync(
            0,
            Requests,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, cancellation) =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                using var request = Make(host, calls[seed % calls.Length], new Random(seed));
                using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
                if ((int)response.StatusCode is >= 500 and not 501)
                {
                    var why = await response.Content.ReadAsStringAsync(limit.Token);
                    faults.Add($"seed {seed}: {request.Method} {request.RequestUri}: {(int)response.StatusCode}: {why}");
                }
            });
        Assert.True(faults.IsEmpty, string.Join('\n', faults.Take(10)));
        Assert.Equal(Requests, statuses.Values.Sum());
        Assert.True(statuses[200] > Requests / 20 && statuses[400] > Requests / 20, string.Join(' ', statuses));
        Assert.Equal(200, (await host.GetAsync("/api/codex/v1/space")).Status);
    }

    private static async Task<IEnumerable<(string Method, string Path)>> ReadDocumentAsync(WebHost host)
    {
        var (status, body, _) = await host.GetAsync("/api/v1/openapi.json");
        return status == 200
            ? [.. from path in JsonDocument.Parse(body).RootElement.GetProperty("paths").EnumerateObject()
               from call in path.Value.EnumerateObject()
               select (call.Name.ToUpperInvariant(), path.Name)]
            : [];
    }

    private static HttpRequestMessage Make(WebHost host, (string Method, string Path) call, Random random)
    {
        var path = new StringBuilder();
        foreach (var part in call.Path.Split('/').Skip(1))
        {
            path.Append('/').Append(part.StartsWith('{') ? Uri.EscapeDataString(AnyOf(_values, random)) : part);
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            path.Append(path.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?')
                .Append(AnyOf(_fields, random)).Append('=').Append(Uri.EscapeDataString(AnyOf(_values, random)));
        }

        var request = new HttpRequestMessage(new HttpMethod(call.Method), new Uri(host.Address, path.ToString()));
        if (call.Method is not ("GET" or "OPTIONS"))
        {
            request.Content = new ByteArrayContent(Body(random));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(4) == 0 ? AnyOf(_raw, random) : "application/json");
        }

        if (random.Next(4) == 0)
        {
            request.Headers.TryAddWithoutValidation("Accept", random.Next(2) == 0 ? "text/csv" : "*/*;q=NaN");
            request.Headers.TryAddWithoutValidation("Last-Event-ID", random.Next().ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("Cookie", $"codexsales={random.Next()}.{AnyOf(_fields, random)}");
            request.Headers.TryAddWithoutValidation("Authorization", $"Basic {random.Next()}");
        }

        return request;
    }

    private static byte[] Body(Random random)
    {
        if (random.Next(10) == 0)
        {
            var noise = new byte[random.Next(3_000)];
            random.NextBytes(noise);
            return noise;
        }

        var fields = Enumerable.Range(0, random.Next(8)).Select(_ => $"\"{AnyOf(_fields, random)}\":{AnyOf(_raw, random)}");
        var text = $"{{{string.Join(',', fields)}}}";
        return Encoding.UTF8.GetBytes(random.Next(10) == 0 ? text[..random.Next(text.Length)] : text);
    }

    private static string AnyOf(string[] values, Random random) => values[random.Next(values.Length)];
}
