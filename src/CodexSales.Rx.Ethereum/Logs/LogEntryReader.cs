using System.Numerics;

namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>Reads the JSON of one log in a single pass, straight from UTF-8.</summary>
internal ref struct LogEntryReader(ReadOnlySpan<byte> utf8Json)
{
    private Utf8JsonReader _json = new(utf8Json);
    private Field _seen;

    public LogTopics Topics;
    public Address Address;
    public Bytes32 BlockHash;
    public ulong BlockNumber;
    public ulong LogIndex;
    public UnixSeconds? BlockTime;
    public ReadOnlySpan<byte> DataText;
    public bool IsRemoved;

    [Flags]
    private enum Field
    {
        None = 0,
        Address = 1,
        Topics = 2,
        Data = 4,
        BlockHash = 8,
        BlockNumber = 16,
        LogIndex = 32,
        Required = 63,
        BlockTimestamp = 64,
        Removed = 128,
    }

    public bool TryRead([NotNullWhen(false)] out string? problem)
    {
        try
        {
            problem = ReadObject();
        }
        catch (JsonException)
        {
            problem = $"it is not JSON from byte {_json.BytesConsumed} on.";
        }

        return problem is null;
    }

    private string? ReadObject()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            return "it is not a JSON object.";
        }

        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadProperty() is { } problem)
            {
                return problem;
            }
        }

        // Past the end of the object there is nothing more, or the reader throws.
        _json.Read();
        var missing = Field.Required & ~_seen;
        return missing == Field.None ? null : $"'{NameOf(missing)}' is missing.";
    }

    private string? ReadProperty()
    {
        if (_json.ValueIsEscaped)
        {
            return "the name of a property is written with escapes.";
        }

        var field = FieldOf(_json.ValueSpan);
        if ((_seen & field) != Field.None)
        {
            return $"'{NameOf(field)}' is there twice.";
        }

        _seen |= field;
        _json.Read();
        return field switch
        {
            Field.Address => ReadAddress(),
            Field.Topics => ReadTopics(),
            Field.Data => ReadData(),
            Field.BlockHash => ReadBlockHash(),
            Field.BlockNumber => ReadQuantity("blockNumber", out BlockNumber),
            Field.LogIndex => ReadQuantity("logIndex", out LogIndex),
            Field.BlockTimestamp => ReadBlockTimestamp(),
            Field.Removed => ReadRemoved(),
            _ => PassOver(),
        };
    }

    private string? ReadAddress()
    {
        Span<byte> bytes = stackalloc byte[Address.Size];
        if (_json.TokenType != JsonTokenType.String || !Hex.TryReadBytes(_json.ValueSpan, bytes))
        {
            return "'address' is not \"0x\" and 40 hexadecimal digits.";
        }

        Address = new Address(bytes);
        return null;
    }

    private string? ReadTopics()
    {
        const string Problem = "'topics' is not an array of at most four values of \"0x\" and 64 hexadecimal digits.";
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            return Problem;
        }

        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (!TryReadBytes32(out var topic) || !Topics.TryAdd(topic))
            {
                return Problem;
            }
        }

        return null;
    }

    private string? ReadData()
    {
        DataText = _json.TokenType == JsonTokenType.String ? _json.ValueSpan : default;
        return _json.TokenType == JsonTokenType.String ? null : "'data' is not a string.";
    }

    private string? ReadBlockHash() =>
        TryReadBytes32(out BlockHash) ? null : "'blockHash' is not \"0x\" and 64 hexadecimal digits.";

    // Nodes write it in many ways, and it can be asked for: anything but a time counts as not given.
    private string? ReadBlockTimestamp()
    {
        var seconds = 0UL;
        var isTime = _json.TokenType switch
        {
            JsonTokenType.Number => _json.TryGetUInt64(out seconds),
            JsonTokenType.String => Hex.TryReadQuantity(_json.ValueSpan, out seconds),
            _ => false,
        };
        BlockTime = isTime && seconds > 0 ? new UnixSeconds(seconds) : null;
        _json.Skip();
        return null;
    }

    private string? ReadRemoved()
    {
        IsRemoved = _json.TokenType == JsonTokenType.True;
        return _json.TokenType is JsonTokenType.True or JsonTokenType.False ? null : "'removed' is not true or false.";
    }

    private string? ReadQuantity(string name, out ulong quantity)
    {
        quantity = 0;
        return _json.TokenType == JsonTokenType.String && Hex.TryReadQuantity(_json.ValueSpan, out quantity)
            ? null
            : Hex.NotAQuantity(name);
    }

    private bool TryReadBytes32(out Bytes32 value)
    {
        var hash = Hex.TakeHash(ref _json);
        value = hash ?? default;
        return hash is not null;
    }

    private string? PassOver()
    {
        _json.Skip();
        return null;
    }

    private static Field FieldOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("data"u8) => Field.Data,
        6 when name.SequenceEqual("topics"u8) => Field.Topics,
        7 when name.SequenceEqual("address"u8) => Field.Address,
        7 when name.SequenceEqual("removed"u8) => Field.Removed,
        8 when name.SequenceEqual("logIndex"u8) => Field.LogIndex,
        9 when name.SequenceEqual("blockHash"u8) => Field.BlockHash,
        11 when name.SequenceEqual("blockNumber"u8) => Field.BlockNumber,
        14 when name.SequenceEqual("blockTimestamp"u8) => Field.BlockTimestamp,
        _ => Field.None,
    };

    private static string NameOf(Field fields)
    {
        var first = (Field)(1 << BitOperations.TrailingZeroCount((int)fields));
        var name = first.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
