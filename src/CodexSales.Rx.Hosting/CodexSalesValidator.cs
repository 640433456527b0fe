using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting;

/// <summary>Finds all that is wrong with what was chosen and set, before anything runs: each fault once, with its whole key.</summary>
internal sealed class CodexSalesValidator(CodexSalesBuilder chosen) : IValidateOptions<CodexSalesOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CodexSalesOptions options)
    {
        var unread = SettingsReader.FaultsOf(options);
        string[] faults =
        [
            .. unread.Select(fault => fault.Sentence),
            .. Choices(options),
            .. Values(options).Where(sentence => !unread.Any(fault => fault.Explains(sentence))),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Choices(CodexSalesOptions options)
    {
        if (chosen.Market is null)
        {
            yield return "No market is chosen: UseEthereum(), UseMarket<T>() or UseSimulatedMarket() is expected after AddCodexSales.";
        }

        if (chosen.Storage is null)
        {
            yield return "No storage is chosen: UseSlotFiles(), UseHooks() or UseStorage<T>() is expected after AddCodexSales.";
        }

        if (chosen.Prover is null)
        {
            yield return "No prover is chosen: UseHooks() or UseProver<T>() is expected after AddCodexSales.";
        }

        if (chosen.IsOnEthereum && !chosen.UsesSqlite && !chosen.IsDryRun)
        {
            yield return "No store is chosen: UseSqlite() is expected with UseEthereum(): a transaction that nobody remembers may be sent twice.";
        }

        if (chosen.IsOnEthereum
            && options.Ethereum is { KeyFile: null, Account: null, Signer: null }
            && !chosen.Services.Any(service => service.ServiceType == typeof(ISigner)))
        {
            yield return $"No account is chosen: {Key("KeyFile")} is expected, or {Key("Account")} with or without {Key("Signer")}, or an ISigner "
                + "among the services.";
        }

        string Key(string name) => SettingsReader.KeyOf(options, $"{nameof(options.Ethereum)}:{name}");
    }

    private IEnumerable<string> Values(CodexSalesOptions options)
    {
        return
        [
            .. options.Pipeline.FindErrors().Concat(options.FindErrors()).Select(Key),
            .. options.Availabilities.SelectMany(OfAnAvailability),
            .. Below(nameof(options.Alerts), options.Alerts.FindErrors()),
            .. chosen.IsOnEthereum ? Below(nameof(options.Ethereum), options.Ethereum.FindErrors()) : [],
            .. chosen.UsesSqlite ? Below(nameof(options.Sqlite), options.Sqlite.FindErrors()) : [],
            .. chosen.UsesSlotFiles ? Below(nameof(options.SlotFiles), options.SlotFiles.FindErrors()) : [],
            .. chosen.UsesHooks ? Below(nameof(options.Hooks), options.Hooks.FindErrors()) : [],
            .. chosen.IsSimulated ? Below(nameof(options.SimulatedMarket), options.SimulatedMarket.FindErrors()) : [],
        ];

        IEnumerable<string> Below(string section, IEnumerable<string> errors) => errors.Select(error => Key($"{section}:{error}"));

        // Those of a sale are members in code, and keys here.
        string Key(string error) => SettingsReader.KeyOf(
            options, error.StartsWith("Selling.", StringComparison.Ordinal) ? error.Replace("Selling.", "Selling:", StringComparison.Ordinal) : error);

        IEnumerable<string> OfAnAvailability(AvailabilityOptions offer, int place)
        {
            var others = options.Availabilities.Take(place).Where(other => other.Id == offer.Id && offer.Id is not null);
            return offer.FindErrors()
                .Concat(others.Take(1).Select(_ => $"Id is '{offer.Id}', which another one has; one of each is expected."))
                .Select(error => $"{SettingsReader.KeyOf(options, offer)}:{error}");
        }
    }
}
