using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Settings;

/// <summary>Finds all that is wrong with what was set, before anything is served.</summary>
internal sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    private const int LargestBody = 16 * 1024 * 1024;
    private const int LargestHeaders = 1024 * 1024;
    private const int SmallestLimit = 1_024;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var faults = SettingsReader.FaultsOf(options).Select(fault => fault.Sentence).Concat(Faults(options)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(WebOptions options) =>
    [
        .. TokenFile.FindFault(options.TokenFile) is { } fault ? [fault] : Array.Empty<string>(),
        .. options.AllowedOrigins.SelectMany((origin, place) => OptionErrors.Unless(
            IsOrigin(origin), $"Web:AllowedOrigins:{place}", $"'{origin}'",
            "an origin such as https://example.org, without a path and without *,")),
        .. OptionErrors.Unless(
            options.PathBase is null || IsPath(options.PathBase), "Web:PathBase", $"'{options.PathBase}'",
            "a path such as /sales, of letters, digits, '-', '.', '_', '~' and '/', without a '/' at its end,"),
        .. Within("MaxBodyBytes", options.MaxBodyBytes, SmallestLimit, LargestBody),
        .. Within("MaxHeaderBytes", options.MaxHeaderBytes, SmallestLimit, LargestHeaders),
        .. Within("MaxConnections", options.MaxConnections, 1, 100_000),
        .. Within("MaxRequests", options.MaxRequests, 1, 10_000),
        .. Within("MaxViewers", options.MaxViewers, 1, 10_000),
    ];

    private static IEnumerable<string> Within(string name, int value, int least, int most) =>
        OptionErrors.Unless(value >= least && value <= most, $"Web:{name}", value, $"{least} to {most}");

    // As browsers send it: what is not the same text would never be the same origin.
    private static bool IsOrigin(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri is { UserInfo.Length: 0 }
        && uri.GetLeftPart(UriPartial.Authority) == text;

    private static bool IsPath(string text) =>
        text.StartsWith('/')
        && !text.EndsWith('/')
        && text[1..].Split('/').All(part => part is not ("" or "." or "..")
            && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' or '~'));
}
