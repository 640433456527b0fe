using System.ComponentModel;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>The id of a storage request: the Keccak-256 of its ABI encoding, as the contract computes it.</summary>
/// <param name="Value">The 32 bytes.</param>
/// <remarks><c>default</c> is 32 zero bytes: no request has that id.</remarks>
[TypeConverter(typeof(TextTypeConverter<RequestId>))]
[JsonConverter(typeof(TextJsonConverter<RequestId>))]
public readonly record struct RequestId(Bytes32 Value) : IComparable<RequestId>, ITextForm<RequestId>
{
    /// <summary>The id that the contract gives to a request.</summary>
    /// <remarks>Source: <c>Requests.sol</c> <c>id(Request)</c> = <c>keccak256(abi.encode(request))</c>.</remarks>
    public static RequestId Of(StorageRequest request) => new(Keccak256.Hash(StorageRequestEncoding.Encode(request)));

    /// <summary>Reads "0x" and 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static RequestId Parse(ReadOnlySpan<char> text) => new(Bytes32.Parse(text));

    /// <summary>Reads "0x" and 64 hexadecimal digits; false when the text has another form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RequestId id)
    {
        var isId = Bytes32.TryParse(text, out var value);
        id = new RequestId(value);
        return isId;
    }

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        Value.TryFormat(destination, out charsWritten);

    /// <inheritdoc/>
    public int CompareTo(RequestId other) => Value.CompareTo(other.Value);

    /// <summary>"0x" and 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString();

    /// <summary>The first and last four digits, for people. Not unique.</summary>
    public string ToShortString() => Value.ToShortString();
}
