using System.Text;
using System.Text.Json;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A node behind HTTP in virtual time, which notes when it is asked.</summary>
internal sealed class SyntheticHandler(SyntheticNode node, VirtualTime time) : HttpMessageHandler
{
    /// <summary>When each question came.</summary>
    public List<TimeSpan> Asked { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var message = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var isBatch = message.RootElement.ValueKind == JsonValueKind.Array;
        List<JsonElement> questions = isBatch ? [.. message.RootElement.EnumerateArray()] : [message.RootElement];
        Asked.AddRange(questions.Select(_ => time.Elapsed));
        var replies = await node.AskAsync([.. questions.Select(Read)], cancellationToken);
        var answers = string.Join(',', questions.Zip(replies, Write));
        return new HttpResponseMessage { Content = new StringContent(isBatch ? $"[{answers}]" : answers) };
    }

    private static RpcRequest Read(JsonElement question) => new(
        question.GetProperty("method").GetString()!,
        Encoding.UTF8.GetBytes(question.GetProperty("params").GetRawText()));

    private static string Write(JsonElement question, RpcReply reply)
    {
        var answer = reply is RpcError error
            ? $"\"error\":{{\"code\":{error.Code},\"message\":\"{error.Message}\"}}"
            : $"\"result\":{Encoding.UTF8.GetString(((RpcResult)reply).Json.Span)}";
        return $"{{\"id\":{question.GetProperty("id")},{answer}}}";
    }
}
