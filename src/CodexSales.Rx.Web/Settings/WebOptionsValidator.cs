using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Settings;

/// <summary>Finds all that is wrong with what was set, before anything is served.</summary>
internal sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var faults = SettingsReader.FaultsOf(options).Select(fault => fault.Sentence).Concat(Faults(options)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(WebOptions options) =>
    [
        .. TokenFile.FindFault(options.TokenFile) is { } fault ? [fault] : Array.Empty<string>(),
        .. options.FindErrors().Select(error => $"Web:{error}"),
    ];
}
