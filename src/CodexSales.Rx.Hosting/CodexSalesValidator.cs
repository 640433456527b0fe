using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Local.Sources;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting;

/// <summary>Finds all that is wrong with what was chosen and set, before anything runs.</summary>
internal sealed class CodexSalesValidator(CodexSalesBuilder chosen) : IValidateOptions<CodexSalesOptions>
{
    // A pause before a restart in which hosted slots are not proved must not be a typing error.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestReport = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestStop = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CodexSalesOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private IEnumerable<string> Faults(CodexSalesOptions options) =>
    [
        .. SettingsReader.FaultsOf(options),
        .. Choices(),
        .. options.Pipeline.FindErrors(),
        .. OfTheHost(options),
        .. options.Availabilities.SelectMany(OfAnAvailability),
        .. options.Availabilities.GroupBy(each => each.Id).Where(same => same.Key is not null && same.Count() > 1)
            .Select(same => $"Availabilities: the id '{same.Key}' is given {same.Count()} times; one of each is expected."),
        .. chosen.IsOnEthereum ? OfEthereum(options.Ethereum) : [],
        .. chosen.UsesSqlite ? Needed("Sqlite:Path", options.Sqlite.Path) : [],
        .. chosen.UsesSlotFiles ? OfSlotFiles(options.SlotFiles) : [],
        .. chosen.UsesHooks ? Needed("Hooks:Program", options.Hooks.Program) : [],
        .. chosen.IsSimulated ? OfTheSimulation(options.SimulatedMarket) : [],
    ];

    private IEnumerable<string> Choices()
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
    }

    private static IEnumerable<string> OfTheHost(CodexSalesOptions options) =>
    [
        .. OptionErrors.Unless(
            options.StopWithin >= TimeSpan.Zero && options.StopWithin <= LongestStop,
            nameof(options.StopWithin), options.StopWithin, $"0 to {LongestStop}"),
        .. OptionErrors.Unless(
            options.ReportEvery is null || options.ReportEvery >= ShortestReport,
            nameof(options.ReportEvery), options.ReportEvery, $"{ShortestReport} or more"),
        .. OptionErrors.Unless(
            options.FirstRestartDelay > TimeSpan.Zero, nameof(options.FirstRestartDelay), options.FirstRestartDelay, "more than 0"),
        .. OptionErrors.Unless(
            options.LongestRestartDelay >= options.FirstRestartDelay && options.LongestRestartDelay <= LongestPause,
            nameof(options.LongestRestartDelay),
            options.LongestRestartDelay,
            $"the {options.FirstRestartDelay} of FirstRestartDelay to {LongestPause}"),
    ];

    private static IEnumerable<string> OfAnAvailability(AvailabilityOptions offer, int place) =>
    [
        .. Needed($"Availabilities:{place}:Id", offer.Id),
        .. OptionErrors.Unless(
            string.IsNullOrWhiteSpace(offer.Id) || AvailabilityId.TryParse(offer.Id, out _),
            $"Availabilities:{place}:Id", $"'{offer.Id}'", "a name of at most 100 characters"),
        .. OptionErrors.Unless(offer.TotalBytes > 0, $"Availabilities:{place}:TotalBytes", offer.TotalBytes, "1 or more"),
        .. OptionErrors.Unless(offer.MaxDurationSeconds > 0, $"Availabilities:{place}:MaxDurationSeconds", offer.MaxDurationSeconds, "1 or more"),
        .. OptionErrors.Unless(offer.TotalCollateral > 0, $"Availabilities:{place}:TotalCollateral", offer.TotalCollateral, "1 or more"),
    ];

    private IEnumerable<string> OfEthereum(EthereumSettings ethereum)
    {
        if (ethereum.Nodes.Count == 0)
        {
            yield return "Ethereum:Nodes is not given, but at least one node is expected.";
        }

        // A URL may hold a key: it is not repeated.
        foreach (var (url, name) in ethereum.Nodes.Select((url, place) => ((string?)url, $"Ethereum:Nodes:{place}"))
            .Append((ethereum.Signer, "Ethereum:Signer")))
        {
            if (url is not null && !RpcEndpoint.TryParse(url, out _, out var problem))
            {
                yield return $"{name}: {problem}";
            }
        }

        if (ethereum.Marketplace is not { } marketplace || marketplace == default)
        {
            yield return "Ethereum:Marketplace is not given, but the address of the contract is expected.";
        }

        if (!chosen.UsesSqlite && !chosen.IsDryRun)
        {
            yield return "No store is chosen: UseSqlite() is expected with UseEthereum(): a transaction that nobody remembers may be sent twice.";
        }

        if (!chosen.Services.Any(service => service.ServiceType == typeof(Ethereum.Signers.ISigner))
            && ethereum is { KeyFile: null, Account: null })
        {
            yield return "Ethereum:KeyFile is not given, but it is expected, or Ethereum:Account with or without Ethereum:Signer, or an "
                + "ISigner among the services.";
        }

        if (ethereum is { KeyFile: not null, Signer: not null })
        {
            yield return "Ethereum:Signer is given, but not expected where Ethereum:KeyFile is given.";
        }

        if (ethereum is { KeyFile: null, PasswordFile: not null })
        {
            yield return "Ethereum:PasswordFile is given, but Ethereum:KeyFile is expected with it.";
        }

        if (ethereum is { Account: null, Signer: not null })
        {
            yield return "Ethereum:Account is not given, but expected with Ethereum:Signer: the account that it signs for.";
        }

        if (ethereum.RequestsPerSecond is { } most and not > 0)
        {
            yield return $"Ethereum:RequestsPerSecond is {most}; more than 0 is expected.";
        }

        foreach (var fault in ethereum.Intake.FindErrors().Select(error => $"Ethereum:Intake:{error}")
            .Concat(ethereum.Transactions.FindErrors().Select(error => $"Ethereum:Transactions:{error}")))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> OfSlotFiles(SlotFilesSettings files) =>
    [
        .. Needed("SlotFiles:Directory", files.Directory),
        .. OptionErrors.Unless(
            files.Source is { } source && HttpSlotSource.IsTemplate(source),
            "SlotFiles:Source",
            files.Source ?? "not given",
            "an http or https address with {cid}, {requestId} or {index}"),
        .. OptionErrors.Unless(files.QuotaBytes is > 0 and <= long.MaxValue, "SlotFiles:QuotaBytes", files.QuotaBytes, $"1 to {long.MaxValue}"),
    ];

    private static IEnumerable<string> OfTheSimulation(SimulatedMarketSettings market) =>
    [
        .. OptionErrors.Unless(market.Speed is >= 1 and <= 10_000, "SimulatedMarket:Speed", market.Speed, "1 to 10000"),
        .. OptionErrors.Unless(market.RequestsPerHour is > 0 and <= 3_600, "SimulatedMarket:RequestsPerHour", market.RequestsPerHour, "0.1 to 3600"),
        .. OptionErrors.Unless(
            market.LongestRequest > TimeSpan.FromHours(1), "SimulatedMarket:LongestRequest", market.LongestRequest, "more than 01:00:00"),
        .. OptionErrors.Unless(market.CompetingHosts is >= 0 and <= 100, "SimulatedMarket:CompetingHosts", market.CompetingHosts, "0 to 100"),
    ];

    private static IEnumerable<string> Needed(string name, string? value) =>
        string.IsNullOrWhiteSpace(value) ? [$"{name} is not given, but it is expected."] : [];
}
