using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Node.Serving;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Time;

namespace CodexSales.Node.Run;

/// <summary>"run": sells on a chain.</summary>
/// <param name="arguments">The whole command line: it is read again while it runs.</param>
internal sealed class RunCommand(IReadOnlyList<string> arguments)
{
    public const string Name = "run";

    private const ulong DefaultKeepFree = 256 << 20;
    private const string SlotsFolder = "slots";
    private const ulong WeiPerGwei = 1_000_000_000;

    // The others wait for the next start.
    private static readonly string[] _live = ["--workers", "--queue-size", "--stop-within"];

    private readonly Option<ImmutableArray<string>> _nodes = EndpointOption.Several(
        "--rpc", "A node, by http, https, ws or wss, or file:PATH of a file with the URL; several are tried in order");

    private readonly Option<Address?> _marketplace = AddressOption.Make("--marketplace", "The Marketplace contract");

    private readonly Option<Address?> _account = AddressOption.Make(
        "--account",
        "Who sells: the account of --signer, or one whose key the node keeps [default: that of --key-file]");

    private readonly Option<string?> _keyFile = TextOption.One(
        "--key-file",
        "The account's key: 64 hexadecimal digits, or a keystore of version 3; only its owner may read it",
        "FILE");

    private readonly Option<string?> _passwordFile = TextOption.One("--password-file", "The password of the keystore", "FILE");

    private readonly Option<string?> _signer = EndpointOption.One(
        "--signer", "A program that keeps the key of --account and signs: web3signer, or clef; a URL, or file:PATH");

    private readonly Option<bool> _clef = new("--clef") { Description = "The signer is clef" };

    private readonly Option<ulong?> _chainId = ParsedOption.Make<ulong>(
        "--chain-id",
        "The chain that is meant, by its number [default: the node's]",
        "NUMBER",
        "a whole number from 1 to 2^64 - 1",
        text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null);

    private readonly Option<string?> _data = TextOption.One(
        "--data", "Where sales are remembered, and slots are kept; made when it is not there", "DIR");

    private readonly Option<ulong?> _keepFree = ParsedOption.Make<ulong>(
        "--keep-free",
        "How much of the disk of --data stays free, in B, KiB, MiB, GiB or TiB: with less, nothing new is begun [default: 256MiB]",
        "SIZE",
        "a size such as 256MiB",
        AvailabilitySpec.TryReadSize);

    private readonly Option<ImmutableArray<Availability>> _availabilities =
        AvailabilityOption.Make(isRequired: false, isRemembered: true);

    private readonly Option<string[]> _removed = TextOption.Several(
        "--remove-availability",
        "The id of an availability that is remembered and not for sale any more, once or more; sales that run keep what they hold",
        "ID");

    private readonly Option<string?> _hook = TextOption.One(
        "--hook",
        "A program of yours that proves, and stores unless --source is given: one JSON line in, JSON lines out; "
            + "its argument is the folder of the slots; asked at the start whether it can work",
        "PROGRAM");

    private readonly Option<string[]> _hookVariables = TextOption.Several(
        "--hook-env",
        "A variable of the environment that the hook sees, too, once or more; else it sees PATH, HOME, LANG and the like",
        "NAME");

    private readonly Option<string?> _source = TextOption.One(
        "--source", "Where slots are fetched from, with {cid}, {requestId} and {index} in place of what is wanted", "URL");

    private readonly Option<int> _workers = NumberOption.Integer(
        "--workers", "How many slots are acquired at once", 3, 0, 1_000);

    private readonly Option<int> _queueSize = NumberOption.Integer(
        "--queue-size", "How many slots the queue holds", 128, 1, 1_000_000);

    private readonly Option<double?> _requestsPerSecond = NumberOption.Decimal(
        "--requests-per-second", "How many questions a node is asked at most", null, 0.1, 100_000);

    private readonly Option<Address?> _payoutTo = AddressOption.Make(
        "--payout-to", "Who gets the rewards of slots; collateral comes back to the account [default: the account]");

    private readonly Option<double?> _leastTip = NumberOption.Decimal(
        "--least-gwei-tip",
        "What a unit of gas pays the block's maker at least, in gwei; else what blocks were paid, or the node says",
        0,
        0,
        1_000_000);

    private readonly Option<double?> _mostGwei = NumberOption.Decimal(
        "--most-gwei-per-gas", "What a unit of gas may cost at most, in gwei", 500, 0.001, 1_000_000);

    private readonly Option<double?> _mostEther = NumberOption.Decimal(
        "--most-ether-per-day", "What all transactions of 24 hours may cost at most, in ether", 1, 0, 1_000_000);

    private readonly Option<int> _mostInFlight = NumberOption.Integer(
        "--most-in-flight", "How many transactions are in no block yet at most, besides proofs", 64, 1, 1_000);

    private readonly Option<int> _unestimatedFillGas = NumberOption.Integer(
        "--unestimated-fill-gas",
        "The gas limit of a fill that goes out with its approval, and can't be estimated yet", 1_000_000, 100_000, 30_000_000);

    private readonly Option<UInt256?> _standingAllowance = ParsedOption.Make<UInt256>(
        "--standing-allowance",
        "How many tokens the contract may take, allowed once for many slots, in the smallest unit "
            + "[default: for each fill just what it takes]",
        "NUMBER",
        "a whole number from 1 to 2^256 - 1",
        text => UInt256.TryParse(text, out var tokens) && tokens > 0 ? tokens : null);

    private readonly Option<int> _finalBlocks = NumberOption.Integer(
        "--final-blocks",
        "How many blocks stand on one that counts as final where the chain does not say what is", 64, 1, 100_000);

    private readonly Option<int> _finalSeconds = NumberOption.Integer(
        "--final-seconds",
        "How many seconds older than the newest block such a one is besides", 1_800, 0, 604_800);

    private readonly Option<bool> _forgetBlocks = new("--forget-blocks")
    {
        Description = "Forget by which blocks the chain is known, where all of them were replaced; sales are kept",
    };

    private readonly AccessOptions _access = new("http://127.0.0.1:8080");

    private readonly Option<double?> _reportEvery = NumberOption.Decimal(
        "--report-every", "After how many seconds a line says how things stand", 60, 1, 86_400);

    private readonly Option<double?> _stopWithin = NumberOption.Decimal(
        "--stop-within",
        "For how many seconds what is on its way is waited for when it is interrupted, at most; hosted slots are proved meanwhile",
        120,
        0,
        86_400);

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Decide, and say so, but send, store and prove nothing" };

    private readonly AlertOptions _alerts = new();

    public Command Make(CliEnvironment environment)
    {
        _marketplace.Required = true;
        var command = new Command(Name, "Sells on a chain until it is interrupted")
        {
            _nodes, _marketplace, _account, _keyFile, _passwordFile, _signer, _clef, _chainId, _data, _keepFree,
            _availabilities, _removed, _hook, _hookVariables, _source, _workers, _queueSize, _requestsPerSecond,
            _payoutTo, _leastTip, _mostGwei, _mostEther, _mostInFlight, _unestimatedFillGas, _standingAllowance,
            _finalBlocks, _finalSeconds, _forgetBlocks, _reportEvery, _stopWithin, _dryRun,
        };
        _alerts.AddTo(command);
        foreach (var option in _access.All)
        {
            command.Add(option);
        }

        command.SetAction((parsed, interrupted) => RunAsync(parsed, environment, interrupted));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CliEnvironment environment, CancellationToken interrupted)
    {
        var options = Read(parsed);
        using var thread = new EventLoopScheduler();
#pragma warning disable RS0030 // Here it is chosen.
        var core = TimeProvider.System.ToScheduler(thread);
#pragma warning restore RS0030
        var lines = new RunLines(environment.Output, core);
        await using var written = lines.ConfigureAwait(false);
        await new RunHost(options, environment.Reloads.Select(_ => ReadAgain(parsed, environment)), lines, core)
            .RunAsync(interrupted).ConfigureAwait(false);
        return ExitCode.Success;
    }

    // What stands by now in the settings file, and in the files that hold addresses.
    private RunReload ReadAgain(ParseResult before, CliEnvironment environment)
    {
        try
        {
            var (now, complaint, _) = RunSettings.Merge(before.RootCommandResult.Command, arguments, before.Configuration, environment);
            return complaint is null ? new RunReload(Read(now), null, [.. FindUntaken(before, now)]) : new RunReload(null, complaint, []);
        }
        catch (Exception wrong) when (wrong is CannotSellException or IOException or UnauthorizedAccessException)
        {
            return new RunReload(null, wrong.Message, []);
        }
    }

    private IEnumerable<string> FindUntaken(ParseResult before, ParseResult now) => now.CommandResult.Command.Options
        .Where(option => !_live.Contains(option.Name) && !option.Name.StartsWith(AlertOptions.Prefix, StringComparison.Ordinal))
        .Where(option => !TextsOf(before, option).SequenceEqual(TextsOf(now, option))
            || (option == _nodes && !before.GetValue(_nodes).SequenceEqual(now.GetValue(_nodes)))
            || (option == _signer && before.GetValue(_signer) != now.GetValue(_signer)))
        .Select(option => option.Name);

    private static IEnumerable<string> TextsOf(ParseResult parsed, Option option) => parsed.GetResult(option)?.Tokens.Select(token => token.Value) ?? [];

    /// <summary>The options that the command of <see cref="Make"/> was called with.</summary>
    internal RunOptions Read(ParseResult parsed)
    {
        var options = new RunOptions(
            settings => Set(settings, parsed),
            parsed.GetValue(_availabilities),
            [.. parsed.GetValue(_removed)!],
            _access.AddressOf(parsed),
            access => _access.Set(access, parsed),
            parsed.GetValue(_dryRun));
        return (RunRules.FindFault(options) ?? _access.FindFault(parsed)) is { } sentence ? throw new CannotSellException(sentence) : options;
    }

    private void Set(CodexSalesOptions settings, ParseResult parsed)
    {
        settings.Pipeline.Workers = parsed.GetValue(_workers);
        settings.Pipeline.QueueCapacity = parsed.GetValue(_queueSize);
        settings.KeepFreeBytes = parsed.GetValue(_keepFree) ?? DefaultKeepFree;
        settings.ReportEvery = TimeSpan.FromSeconds(parsed.GetValue(_reportEvery).GetValueOrDefault());
        settings.StopWithin = TimeSpan.FromSeconds(parsed.GetValue(_stopWithin).GetValueOrDefault());
        _alerts.Set(settings.Alerts, parsed);
        Set(settings.Ethereum, parsed);
        settings.Hooks.Program = parsed.GetValue(_hook);
        AddTo(settings.Hooks.EnvironmentNames, parsed.GetValue(_hookVariables)!);
        settings.SlotFiles.Source = parsed.GetValue(_source);
        if (parsed.GetValue(_data) is { } folder)
        {
            settings.Sqlite.Path = SalesFile.In(folder);
            settings.Hooks.Directory = settings.SlotFiles.Directory = Path.Combine(folder, SlotsFolder);
        }
    }

    private void Set(EthereumSettings settings, ParseResult parsed)
    {
        AddTo(settings.Nodes, parsed.GetRequiredValue(_nodes));
        settings.Marketplace = parsed.GetRequiredValue(_marketplace);
        settings.ChainId = parsed.GetValue(_chainId);
        settings.KeyFile = parsed.GetValue(_keyFile);
        settings.PasswordFile = parsed.GetValue(_passwordFile);
        settings.Account = parsed.GetValue(_account);
        settings.Signer = parsed.GetValue(_signer);
        settings.SignerIsClef = parsed.GetValue(_clef);
        settings.RequestsPerSecond = parsed.GetValue(_requestsPerSecond);
        settings.Intake.FinalDepth = parsed.GetValue(_finalBlocks);
        settings.Intake.FinalAge = TimeSpan.FromSeconds(parsed.GetValue(_finalSeconds));
        settings.Intake.ForgetsBlocks = parsed.GetValue(_forgetBlocks);
        settings.Transactions.MinPriorityFeePerGas = Gwei(parsed.GetValue(_leastTip));
        settings.Transactions.MaxFeePerGas = Gwei(parsed.GetValue(_mostGwei));
        settings.Transactions.MostWeiPerDay = Gwei(parsed.GetValue(_mostEther)) * WeiPerGwei;
        settings.Transactions.MostInFlight = parsed.GetValue(_mostInFlight);
        settings.Transactions.UnestimatedFillGas = (ulong)parsed.GetValue(_unestimatedFillGas);
        settings.Transactions.StandingAllowance = parsed.GetValue(_standingAllowance);
        settings.Transactions.PayoutTo = parsed.GetValue(_payoutTo);
    }

    private static void AddTo(IList<string> list, IEnumerable<string> given)
    {
        foreach (var one in given)
        {
            list.Add(one);
        }
    }

    private static UInt256 Gwei(double? amount) => (ulong)((decimal)amount.GetValueOrDefault() * WeiPerGwei);
}
