using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CodexSales.Rx.Web.Tests.Operator;

/// <summary>The description of the API says what the code does.</summary>
public sealed partial class DocumentTests : IDisposable
{
    private static readonly string[] _undescribed = ["/api/v1/openapi.json", "/api/v1/docs"];

    private readonly ApiHost _host = new(isRemembered: true);
    private readonly HashSet<string> _compared = [];

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Every_route_is_in_it_and_no_other()
    {
        var routes = _host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => $"/{route.RoutePattern.RawText?.TrimStart('/')}".StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Select(method => $"{method.ToLowerInvariant()} /{route.RoutePattern.RawText!.Trim('/')}"))
            .Where(route => !_undescribed.Any(path => route.Contains(path, StringComparison.Ordinal)))
            .Distinct()
            .Order();

        Assert.Equal(routes, Operations().Select(operation => $"{operation.Method} {operation.Path.TrimEnd('/')}").Order());
    }

    [Fact]
    public void Everything_in_it_is_described()
    {
        Assert.All(Operations(), operation =>
        {
            Assert.NotEmpty(operation.Described.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Described.GetProperty("description").GetString()!);
            Assert.NotEmpty(operation.Described.GetProperty("operationId").GetString()!);
            Assert.NotEqual("CodexSales.Rx.Web", operation.Described.GetProperty("tags")[0].GetString());
            var parameters = operation.Described.TryGetProperty("parameters", out var given) ? given.EnumerateArray() : [];
            Assert.All(parameters, parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
            Assert.All(operation.Described.GetProperty("responses").EnumerateObject(), response => Assert.NotEmpty(response.Value.GetProperty("description").GetString()!));
        });
        Assert.Equal(Operations().Count, Operations().Select(operation => operation.Described.GetProperty("operationId").GetString()).Distinct().Count());
        var schemas = Document().GetProperty("components").GetProperty("schemas").EnumerateObject().Where(schema => schema.Name != "ProblemDetails").ToList();
        Assert.True(schemas.Count > 20);
        Assert.All(schemas, schema =>
        {
            Assert.True(schema.Value.TryGetProperty("description", out _), schema.Name);
            Assert.All(
                schema.Value.GetProperty("properties").EnumerateObject(),
                property => Assert.True(property.Value.TryGetProperty("description", out _) || $"{property.Value}".Contains("$ref", StringComparison.Ordinal), $"{schema.Name}.{property.Name}: {property.Value}"));
        });
    }

    [Fact]
    public void Every_answer_that_is_read_has_the_properties_of_its_schema()
    {
        _host.Time.RunUntil(() => _host.Time.WaitFor(_host.Sales.ReadHistoryAsync()).Count > 0 && _host.Sales.Sales.Count > 0);
        var number = _host.Get("sales").GetProperty("items")[0].GetProperty("number");
        var schemas = Document().GetProperty("components").GetProperty("schemas");
        var read = 0;
        foreach (var operation in Operations().Where(operation => operation.Method == "get" && !operation.Path.EndsWith("/live", StringComparison.Ordinal)))
        {
            var path = operation.Path.Replace("{id}", "disk%201", StringComparison.Ordinal).Replace("{number}", $"{number}", StringComparison.Ordinal);
            var schema = operation.Described.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");

            AssertIs(schemas, schema, _host.GetInTime(path["/api/v1/".Length..]), path);
            read++;
        }

        Assert.True(read >= 13);
        Assert.Contains("/api/v1/sales.items[].slotId", _compared);
        Assert.Contains("/api/v1/history.items[].endedAt.unix", _compared);
    }

    [Fact]
    public void The_least_of_a_parameter_is_taken_and_what_is_less_is_not()
    {
        var tried = 0;
        foreach (var operation in Operations().Where(operation => operation.Method == "get" && !operation.Path.EndsWith("/live", StringComparison.Ordinal)))
        {
            foreach (var parameter in operation.Described.TryGetProperty("parameters", out var given) ? given.EnumerateArray() : default)
            {
                if (parameter.GetProperty("in").GetString() == "query" && parameter.GetProperty("schema").TryGetProperty("minimum", out var least))
                {
                    var path = $"{operation.Path["/api/v1/".Length..]}?{parameter.GetProperty("name")}=";
                    Assert.Equal(HttpStatusCode.OK, _host.Send(HttpMethod.Get, $"{path}{least}").Status);
                    Assert.Equal(400, _host.Refused(HttpMethod.Get, $"{path}{least.GetInt64() - 1}").Status);
                    tried++;
                }
            }
        }

        Assert.True(tried >= 8, $"{tried}");
    }

    [Fact]
    public void The_page_to_try_it_has_all_its_scripts_from_here()
    {
        var page = Text("/api/v1/docs/");

        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page);
        var scripts = Scripts().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.True(Text(new Uri(new Uri(_host.Client.BaseAddress!, "/api/v1/docs/"), script).PathAndQuery).Length > 1_000));
        Assert.Contains("api/v1/openapi.json", page, StringComparison.Ordinal);
    }

    // Down to the last property of each row: a field that is in one of both only is found.
    private void AssertIs(JsonElement schemas, JsonElement schema, JsonElement answer, string where)
    {
        if (schema.TryGetProperty("oneOf", out var cases))
        {
            schema = cases.EnumerateArray().Single(one => one.TryGetProperty("$ref", out _));
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (schema.TryGetProperty("items", out var items) && answer.ValueKind is JsonValueKind.Array)
        {
            Assert.All(answer.EnumerateArray(), item => AssertIs(schemas, items, item, $"{where}[]"));
        }
        else if (schema.TryGetProperty("properties", out var properties) && answer.ValueKind is JsonValueKind.Object)
        {
            Assert.Equal(
                properties.EnumerateObject().Select(property => $"{where}.{property.Name}").Order(StringComparer.Ordinal),
                answer.EnumerateObject().Select(property => $"{where}.{property.Name}").Order(StringComparer.Ordinal));
            Assert.All(answer.EnumerateObject(), property => AssertIs(schemas, properties.GetProperty(property.Name), property.Value, $"{where}.{property.Name}"));
        }

        _compared.Add(where);
    }

    private List<(string Method, string Path, JsonElement Described)> Operations() => [.. Document().GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name, path.Name, operation.Value)))];

    private JsonElement Document() => _host.Get("openapi.json");

    private string Text(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = _host.Answer(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return _host.Time.WaitFor(response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("src=\"([^\"]+)\"")]
    private static partial Regex Scripts();
}
