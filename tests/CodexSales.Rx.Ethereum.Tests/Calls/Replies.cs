using System.Text;
using System.Text.Json;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Calls;

/// <summary>What nodes answer, written shortly.</summary>
internal static class Replies
{
    public static RpcResult Null { get; } = Result("null");

    public static RpcResult Text(string text) => Result($"\"{text}\"");

    public static RpcResult Result(string json) => new(Encoding.UTF8.GetBytes(json));

    public static RpcError Error(int code, string message, string? data = null) =>
        new(code, message, data is null ? default : Encoding.UTF8.GetBytes(data));

    public static RpcError Revert(string data) =>
        Error(3, $"execution reverted: custom error {data[..10]}", $"\"{data}\"");

    /// <summary>A whole JSON-RPC answer as it was recorded.</summary>
    public static RpcReply Of(JsonElement response) =>
        response.TryGetProperty("error", out var error)
            ? new RpcError(
                error.GetProperty("code").GetInt32(),
                error.GetProperty("message").GetString()!,
                error.TryGetProperty("data", out var data) ? Encoding.UTF8.GetBytes(data.GetRawText()) : default)
            : Result(response.GetProperty("result").GetRawText());

    public static JsonElement ParametersOf(RpcRequest request)
    {
        using var document = JsonDocument.Parse(request.Parameters);
        return document.RootElement.Clone();
    }

    public static string CallDataOf(RpcRequest request) => ParametersOf(request)[0].GetProperty("data").GetString()!;
}
