using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Operator;

/// <summary>A request that can't be done as it stands: one sentence names the field, what is wrong and what is
/// expected.</summary>
#pragma warning disable CA1064 // The filter of this API catches it: nobody else ever sees one.
internal sealed class OperatorInputException(string name, string sentence, int status = StatusCodes.Status400BadRequest)
    : Exception(sentence)
#pragma warning restore CA1064
{
    /// <summary>The field, the parameter or the header.</summary>
    public string Field => name;

    /// <summary>The status code of the answer.</summary>
    public int Status => status;

    /// <summary>A value that is given, where another one is expected.</summary>
    public static OperatorInputException Expected(string field, string? given, string expected) =>
        new(field, $"{field}: '{Shortened(given)}' is given, but {expected} is expected.");

    /// <summary>A field that is needed, and is not there.</summary>
    public static OperatorInputException Missing(string field, string expected) =>
        new(field, $"{field} is not given, but {expected} is expected.");

    private static string? Shortened(string? text) => text?.Length > 100 ? $"{text[..100]}…" : text;
}
