using System.Text.Json;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>One line that a hook writes on its standard output: a JSON object with one member.</summary>
internal abstract record HookAnswer
{
    // Some languages begin what they write with it, unasked.
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="FormatException">No answer. The message is a clause for the middle of a sentence.</exception>
    public static HookAnswer Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line.Span.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.EnumerateObject().ToArray() is [var member]
                ? Parse(member.Name, member.Value)
                : throw new FormatException("it is no JSON object with one member");
        }
        catch (JsonException error)
        {
            throw new FormatException("it is no JSON object on one line", error);
        }
    }

    /// <summary>True for "done"; of work that has no other answer.</summary>
    /// <exception cref="FormatException">It is another answer.</exception>
    public static bool IsDone(HookAnswer answer) => answer is Done
        ? true
        : throw new FormatException("{\"done\":true} or {\"error\":\"…\"} is expected");

    private static HookAnswer Parse(string name, JsonElement value) => (name, value.ValueKind) switch
    {
        ("written", JsonValueKind.Number or JsonValueKind.String) => new Written(BytesOf(value)),
        ("done", JsonValueKind.True) => new Done(),
        ("error", JsonValueKind.String) => new Refused(value.GetString()!),
        ("proof", JsonValueKind.Object) => new Proved(ProofOf(value)),
        _ => throw new FormatException($"\"{name}\" is not expected, or not with that value"),
    };

    private static ulong BytesOf(JsonElement value) =>
        ulong.TryParse(
            value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText(),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var bytes)
            ? bytes
            : throw new FormatException("\"written\" is no whole number from 0 to 2^64 - 1");

    private static Groth16Proof ProofOf(JsonElement proof)
    {
        return new Groth16Proof(
            Number("ax"),
            Number("ay"),
            Number("bxReal"),
            Number("bxImaginary"),
            Number("byReal"),
            Number("byImaginary"),
            Number("cx"),
            Number("cy"));

        UInt256 Number(string name) =>
            proof.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            && UInt256.TryParse(value.GetString(), out var number)
                ? number
                : throw new FormatException($"\"proof\" has no \"{name}\" that is the text of a decimal number");
    }

    internal sealed record Written(ulong Bytes) : HookAnswer;

    internal sealed record Done : HookAnswer;

    internal sealed record Proved(Groth16Proof Proof) : HookAnswer;

    /// <summary>It can't be done, for a reason that the hook knows.</summary>
    internal sealed record Refused(string Reason) : HookAnswer;
}
