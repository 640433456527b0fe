using System.Text.Json;
using CodexSales.Rx.Web.Access;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The fields of a JSON object in a body. Each fault is told by the field's name; a field that nobody knows is a
/// fault.</summary>
internal sealed class BodyReader
{
    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 4 };

    private readonly JsonElement _body;

    private BodyReader(JsonElement body) => _body = body;

    /// <exception cref="OperatorInputException">There is no such body.</exception>
    public static async Task<BodyReader> ReadAsync(HttpRequest request, IReadOnlyCollection<string> known)
    {
        if (!request.HasJsonContentType())
        {
            throw new OperatorInputException("Content-Type", Answers.ExpectedJson(request), StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, _strict, request.HttpContext.RequestAborted).ConfigureAwait(false);
            var body = document.RootElement.Clone();
            if (body.ValueKind is not JsonValueKind.Object)
            {
                throw new OperatorInputException("body", $"The body is JSON of kind {body.ValueKind}, but an object is expected.");
            }

            ReadEveryText(body);
            if (RepeatedFields.Find(body) is { } twice)
            {
                throw new OperatorInputException(twice.Name, twice.Sentence);
            }

            return body.EnumerateObject().FirstOrDefault(field => !known.Contains(field.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } odd
                ? throw new OperatorInputException(odd.Name, $"{odd.Name}: there is no such field; {string.Join(", ", known)} {(known.Count == 1 ? "is" : "are")} known.")
                : new BodyReader(body);
        }
        catch (JsonException wrong)
        {
            throw new OperatorInputException("body", $"The body is not readable as JSON at line {wrong.LineNumber + 1}; an object is expected.");
        }
        catch (InvalidOperationException)
        {
            throw new OperatorInputException("body", "The body has half of a character in a text, but Unicode is expected.");
        }
    }

    // Half of a character is found when a text is read, and not before.
    private static void ReadEveryText(JsonElement body)
    {
        foreach (var field in body.EnumerateObject())
        {
            _ = (field.Name, field.Value.ValueKind is JsonValueKind.String ? field.Value.GetString() : null);
        }
    }

    /// <summary>Whether a field is there, null or not.</summary>
    public bool Has(string name) => _body.TryGetProperty(name, out _);

    public string? Text(string name, string expected) => Find(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.String ? field.GetString()
        : throw OperatorInputException.Expected(name, field.GetRawText(), expected);

    public bool? Flag(string name) => Find(name)?.ValueKind switch
    {
        null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw OperatorInputException.Expected(name, Find(name)!.Value.GetRawText(), "true or false"),
    };

    public ulong? Whole(string name, ulong least, ulong most) => Digits(name) is not { } text ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw OperatorInputException.Expected(name, text, $"a whole number from {least} to {most}");

    public UInt256? Amount(string name, UInt256 least) => Digits(name) is not { } text ? null
        : UInt256.TryParse(text, out var amount) && amount >= least ? amount
        : throw OperatorInputException.Expected(name, text, $"a whole number from {least} to 2^256 - 1, as a string of digits,");

    private string? Digits(string name) => Find(name) is not { } field ? null
        : field.ValueKind is JsonValueKind.String ? field.GetString()
        : field.GetRawText();

    private JsonElement? Find(string name) =>
        _body.TryGetProperty(name, out var field) && field.ValueKind is not JsonValueKind.Null ? field : null;
}
