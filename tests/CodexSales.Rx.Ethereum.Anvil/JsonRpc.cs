using System.Net.Http.Json;
using System.Text.Json;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>
/// Asks a node over HTTP and nothing more: so that what the tests say of the chain does not go through what they test.
/// </summary>
public sealed class JsonRpc(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(1) };

    /// <summary>The result of a call.</summary>
    /// <exception cref="JsonRpcException">The node answers with an error.</exception>
    public async Task<JsonElement> CallAsync(string method, params object?[] parameters) =>
        ResultOf(await AskAsync(method, parameters));

    /// <summary>The node's whole reply to a call, result or error.</summary>
    public async Task<JsonElement> AskAsync(string method, params object?[] parameters)
    {
        using var reply = await PostAsync(ToMessage(method, parameters));
        return reply.RootElement.Clone();
    }

    /// <summary>The results of several calls in one message, in their order.</summary>
    /// <exception cref="JsonRpcException">The node answers one of them with an error.</exception>
    public async Task<IReadOnlyList<JsonElement>> CallAllAsync(
        params IReadOnlyList<(string Method, object?[] Parameters)> calls)
    {
        using var reply = await PostAsync(calls.Select(call => ToMessage(call.Method, call.Parameters)));
        return [.. reply.RootElement.Clone().EnumerateArray().Select(ResultOf)];
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Dictionary<string, object> ToMessage(string method, object?[] parameters) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = 1,
        ["method"] = method,
        ["params"] = parameters,
    };

    private async Task<JsonDocument> PostAsync<T>(T message)
    {
        using var response = await _http.PostAsJsonAsync(string.Empty, message);
        response.EnsureSuccessStatusCode();
        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
    }

    private static JsonElement ResultOf(JsonElement reply)
    {
        if (!reply.TryGetProperty("error", out var error))
        {
            return reply.GetProperty("result");
        }

        var data = error.TryGetProperty("data", out var found) ? found.GetString() : null;
        throw new JsonRpcException(
            error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!, data);
    }
}
