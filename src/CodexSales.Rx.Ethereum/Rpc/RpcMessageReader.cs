namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Takes a frame of JSON-RPC apart: one message, a batch, several on end, or garbage.</summary>
internal static class RpcMessageReader
{
    private static readonly JsonReaderOptions _severalOnEnd = new() { AllowMultipleValues = true };

    /// <summary>The messages of a frame in order, pointing into it. The rest after a piece that is not JSON is
    /// lost.</summary>
    public static List<RpcMessage> Read(ReadOnlyMemory<byte> frame, RpcEndpoint endpoint)
    {
        List<RpcMessage> messages = [];
        var json = new Utf8JsonReader(frame.Span, _severalOnEnd);
        try
        {
            while (json.Read())
            {
                // The elements of a batch are read like messages on end.
                if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray && json.CurrentDepth == 0)
                {
                    continue;
                }

                messages.Add(ReadMessage(ref json, frame, endpoint));
            }
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException)
        {
            messages.Add(new RpcGarbage($"A message of the node is not JSON from byte {json.BytesConsumed} on."));
        }

        return messages;
    }

    private static RpcMessage ReadMessage(ref Utf8JsonReader json, ReadOnlyMemory<byte> frame, RpcEndpoint endpoint)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return new RpcGarbage("A message of the node is not a JSON object.");
        }

        var read = new Fields();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadField(ref json, frame, endpoint, ref read);
        }

        return read switch
        {
            { Id: { } id, Error: { } error } => new RpcAnswer(id, error),
            { Id: { } id, Result: { } result } => new RpcAnswer(id, new RpcResult(result)),
            { Id: { } id } => new RpcAnswer(
                id, new RpcNoAnswer("The node's answer has neither a result nor an error.", MayHaveArrived: true)),
            { Error: { } error } => new RpcStrayError(error),
            { Subscription: { } subscription, Happened: { } happened } => new RpcNotification(subscription, happened),
            _ => new RpcGarbage("A message of the node is neither an answer nor a notification."),
        };
    }

    private static void ReadField(
        ref Utf8JsonReader json, ReadOnlyMemory<byte> frame, RpcEndpoint endpoint, ref Fields read)
    {
        if (json.ValueTextEquals("id"u8))
        {
            json.Read();
            read.Id = ReadId(ref json);
        }
        else if (json.ValueTextEquals("result"u8))
        {
            read.Result = TakeValue(ref json, frame);
        }
        else if (json.ValueTextEquals("error"u8))
        {
            json.Read();
            read.Error = ReadError(ref json, frame, endpoint);
        }
        else if (json.ValueTextEquals("params"u8))
        {
            json.Read();
            ReadParameters(ref json, frame, ref read);
        }
        else
        {
            json.Skip();
        }
    }

    // Numbers are what was asked with; some nodes give them back as strings.
    private static long? ReadId(ref Utf8JsonReader json)
    {
        var id = json.TokenType switch
        {
            JsonTokenType.Number => json.TryGetInt64(out var number) ? number : null,
            JsonTokenType.String =>
                long.TryParse(json.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : null,
            _ => default(long?),
        };
        json.Skip();
        return id;
    }

    private static RpcError? ReadError(ref Utf8JsonReader json, ReadOnlyMemory<byte> frame, RpcEndpoint endpoint)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType != JsonTokenType.StartObject)
        {
            return new RpcError(0, endpoint.Scrub(TakeText(ref json) ?? "an error without a message"), default);
        }

        var (code, message, data) = (0, "", default(ReadOnlyMemory<byte>));
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("code"u8))
            {
                json.Read();
                code = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var given) ? given : 0;
                json.Skip();
            }
            else if (json.ValueTextEquals("message"u8))
            {
                json.Read();
                message = TakeText(ref json) ?? "";
            }
            else if (json.ValueTextEquals("data"u8))
            {
                data = TakeValue(ref json, frame);
            }
            else
            {
                json.Skip();
            }
        }

        return new RpcError(code, endpoint.Scrub(message), endpoint.Scrub(data));
    }

    private static void ReadParameters(ref Utf8JsonReader json, ReadOnlyMemory<byte> frame, ref Fields read)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("subscription"u8))
            {
                json.Read();
                read.Subscription = TakeText(ref json);
            }
            else if (json.ValueTextEquals("result"u8))
            {
                read.Happened = TakeValue(ref json, frame);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static string? TakeText(ref Utf8JsonReader json)
    {
        var text = json.TokenType == JsonTokenType.String ? json.GetString() : null;
        json.Skip();
        return text;
    }

    private static ReadOnlyMemory<byte> TakeValue(ref Utf8JsonReader json, ReadOnlyMemory<byte> frame)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return frame[start..(int)json.BytesConsumed];
    }

    private ref struct Fields
    {
        public long? Id;
        public ReadOnlyMemory<byte>? Result;
        public RpcError? Error;
        public string? Subscription;
        public ReadOnlyMemory<byte>? Happened;
    }
}
