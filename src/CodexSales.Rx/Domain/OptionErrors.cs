using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Domain;

/// <summary>The errors of options: each wrong value, with the expected one. Compiled into each library.</summary>
internal static class OptionErrors
{
    public static IEnumerable<string> Unless(bool isValid, string name, object? value, string expected) =>
        isValid ? [] : [string.Create(CultureInfo.InvariantCulture, $"{name} is {value ?? "not given"}; {expected} is expected.")];

    /// <summary>Refuses options with all that is wrong with them.</summary>
    /// <exception cref="ArgumentException">There is an error.</exception>
    public static void ThrowAny(IReadOnlyList<string> errors, [CallerArgumentExpression(nameof(errors))] string? options = null)
    {
        if (errors.Count > 0)
        {
            // The expression is "options.FindErrors()", or "FindErrors()" of the options themselves.
            throw new ArgumentException(string.Join(' ', errors), options!.IndexOf('.') is > 0 and var dot ? options[..dot].TrimStart('_') : null);
        }
    }
}
