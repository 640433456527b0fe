using System.Text.Json;
using CodexSales.Rx.Web.Access;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Codex;

/// <summary>
/// The fields of a body: which are there, and the first that is of another shape. Numbers may come as digits, as JavaScript sends those
/// that it can't count to.
/// </summary>
internal sealed class AvailabilityFields
{
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 2 };

    // What is told with an availability, and can't be set.
    private static readonly string[] _toldOnly = ["id", "freeSize", "totalRemainingCollateral"];

    private static readonly string[] _known =
        ["totalSize", "duration", "minPricePerBytePerSecond", "totalCollateral", "enabled", "until", .. _toldOnly];

    private readonly JsonElement _body;

    private AvailabilityFields(JsonElement body)
    {
        _body = body;
        TotalSize = Whole("totalSize");
        Duration = Whole("duration");
        MinPrice = Amount("minPricePerBytePerSecond");
        TotalCollateral = Amount("totalCollateral");
        IsEnabled = Flag("enabled");
        IsUntilNegative = Digits("until") is ['-', .. var digits] && digits.All(char.IsAsciiDigit);
        Until = IsUntilNegative ? null : Whole("until");
        Fault ??= body.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !_known.Contains(name)) is { } odd
            ? $"{odd}: there is no such field; {string.Join(", ", _known.Except(_toldOnly))} are known."
            : null;
    }

    /// <summary>The first field that is of another shape, in a sentence; null without one.</summary>
    public string? Fault { get; private set; }

    public ulong? TotalSize { get; }

    public ulong? Duration { get; }

    public UInt256? MinPrice { get; }

    public UInt256? TotalCollateral { get; }

    public bool? IsEnabled { get; }

    /// <summary>0 for no limit.</summary>
    public ulong? Until { get; }

    public bool IsUntilNegative { get; }

    /// <summary>Whether a field is there that only the host sets.</summary>
    public bool HasFreeSize => Find("freeSize") is not null || Find("totalRemainingCollateral") is not null;

    /// <summary>Reads a body, whatever its content type says: the SDK sends none.</summary>
    public static async Task<(AvailabilityFields? Fields, string? Fault)> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, _strict, request.HttpContext.RequestAborted).ConfigureAwait(false);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return (null, $"The body is JSON of kind {document.RootElement.ValueKind}, but an object is expected.");
            }

            if (RepeatedFields.Find(document.RootElement) is { } twice)
            {
                return (null, twice.Sentence);
            }

            var fields = new AvailabilityFields(document.RootElement.Clone());
            return (fields, fields.Fault);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // The second is of strings with half of a character, which are read when they are asked for.
            return (null, "The body is not readable as JSON: an object is expected.");
        }
    }

    private ulong? Whole(string name) => Digits(name) is not { } text ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : Wrong<ulong>(name, text, "a whole number from 0 to 2^64 - 1");

    private UInt256? Amount(string name) => Digits(name) is not { } text ? null
        : UInt256.TryParse(text, out var amount) ? amount
        : Wrong<UInt256>(name, text, "a string of digits, from 0 to 2^256 - 1,");

    private bool? Flag(string name) => Find(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.True or JsonValueKind.False ? field.GetBoolean()
        : Wrong<bool>(name, field.GetRawText(), "true or false");

    private T? Wrong<T>(string name, string text, string expected)
        where T : struct
    {
        Fault ??= $"{name}: {(text.Length > 100 ? $"{text.Length} characters are" : $"'{text}' is")} given, but {expected} is expected.";
        return null;
    }

    private string? Digits(string name) => Find(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.String ? field.GetString()
        : field.GetRawText();

    private JsonElement? Find(string name) =>
        _body.TryGetProperty(name, out var field) && field.ValueKind is not JsonValueKind.Null ? field : null;
}
