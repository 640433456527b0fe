namespace CodexSales.Rx.Ethereum.Rpc;

internal static class RpcMessageWriter
{
    /// <summary>One question as an object, several as a batch, numbered in order.</summary>
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<RpcRequest> requests, long firstId)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        if (requests.Count > 1)
        {
            json.WriteStartArray();
        }

        for (var i = 0; i < requests.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            json.WriteNumber("id"u8, firstId + i);
            json.WriteString("method"u8, requests[i].Method);
            json.WritePropertyName("params"u8);
            json.WriteRawValue(requests[i].Parameters.Span);
            json.WriteEndObject();
        }

        if (requests.Count > 1)
        {
            json.WriteEndArray();
        }

        json.Flush();
        return buffer.WrittenMemory;
    }
}
