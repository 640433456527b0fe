using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Codex;

/// <summary>How Codex clients are answered: JSON of its own form, whatever the app has set for its own, or a bare sentence.</summary>
internal static class CodexAnswers
{
    private static readonly JsonSerializerOptions _form = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static IResult Found<T>(T body, int status = StatusCodes.Status200OK) => Results.Json(body, _form, statusCode: status);

    public static IResult Refused(int status, string sentence) => Results.Text(sentence, "text/plain; charset=utf-8", statusCode: status);

    public static IResult NoId(string text, string what) => Refused(
        StatusCodes.Status400BadRequest, $"'{text}' is no id of {what}: 0x and 64 hexadecimal digits are expected.");
}
