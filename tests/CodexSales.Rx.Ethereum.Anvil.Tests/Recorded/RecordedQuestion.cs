using System.Text.Json;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;

/// <summary>A JSON-RPC request and the answer that a node gave: the result, or the error as it stands.</summary>
internal sealed record RecordedQuestion(string Label, string Method, string Parameters, string Answer)
{
    public static RecordedQuestion Read(JsonElement recorded)
    {
        var request = recorded.GetProperty("request");
        return new RecordedQuestion(
            recorded.GetProperty("label").GetString()!,
            request.GetProperty("method").GetString()!,
            request.GetProperty("params").GetRawText(),
            AnswerOf(recorded.GetProperty("response")));
    }

    /// <summary>
    /// What the contract answers with the hash of a block differs on every chain: the challenge, and whether a proof is
    /// drawn, where it is not drawn always.
    /// </summary>
    public bool DependsOnBlockHashes =>
        Parameters.Contains("\"0x458d2bf1", StringComparison.Ordinal)
        || Label is "isProofRequired: filled and fulfilled in one block by two hosts slot 2"
            or "willProofBeRequired: filled and fulfilled in one block by two hosts slot 2";

    /// <summary>The data of a call, in hexadecimal digits after "0x".</summary>
    public string Data => JsonDocument.Parse(Parameters).RootElement[0].GetProperty("data").GetString()!;

    public static string AnswerOf(JsonElement response) => response.TryGetProperty("error", out var error)
        ? string.Join(' ', error.EnumerateObject().Select(property => property.Value.ToString()))
        : response.GetProperty("result").ToString();
}
