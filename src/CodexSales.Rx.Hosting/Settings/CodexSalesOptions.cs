using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Local.Sources;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Rx.Hosting.Settings;

/// <summary>
/// What a host sells, where, and with what. A section of the configuration names each value by its property; those of
/// <see cref="Pipeline"/> stand beside these, not under a name of their own.
/// </summary>
public sealed class CodexSalesOptions
{
    // A pause before a restart in which hosted slots are not proved must not be a typing error.
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongestStop = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestReport = TimeSpan.FromSeconds(1);

    /// <summary>Limits and choices of the pipeline. Workers and queue capacity can be changed while it runs.</summary>
    public SalesPipelineOptions Pipeline { get; } = new();

    /// <summary>
    /// What is for sale besides what the store remembers; one of the same id is changed to that. Can be changed while it runs: one
    /// that is gone from here stays for sale, until it is drained or disabled.
    /// </summary>
    public IList<AvailabilityOptions> Availabilities { get; } = [];

    /// <summary>How long to wait at the app's end for what is on its way, within the time that the app itself has for that.</summary>
    /// <value>25 s by default; 0 or more. .NET gives an app 30 s, unless told otherwise.</value>
    public TimeSpan StopWithin { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long to wait after an error that ended the pipeline before another one takes its place. Doubles each time.</summary>
    /// <value>1 s by default; more than 0.</value>
    public TimeSpan FirstRestartDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait. A pipeline that ran for longer counts as well again.</summary>
    /// <value>5 minutes by default; at least <see cref="FirstRestartDelay"/>.</value>
    public TimeSpan LongestRestartDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How much of the disk of <see cref="SqliteSettings.Path"/> stays free: with less, nothing new is begun, so that what is hosted can
    /// be proved and written down.
    /// </summary>
    /// <value>256 MiB by default, in bytes; with 0 it is not looked at.</value>
    public ulong KeepFreeBytes { get; set; } = 256 << 20;

    /// <summary>How often the log says how the host is doing; null for only when that changes.</summary>
    /// <value>Null by default; 1 s or more.</value>
    public TimeSpan? ReportEvery { get; set; }

    /// <summary>When the operator is told of something, and how.</summary>
    public AlertSettings Alerts { get; internal set; } = new();

    /// <summary>For <see cref="CodexSalesBuilder.UseEthereum"/>.</summary>
    public EthereumSettings Ethereum { get; } = new();

    /// <summary>For <see cref="CodexSalesBuilder.UseSqlite"/>.</summary>
    public SqliteSettings Sqlite { get; } = new();

    /// <summary>For <see cref="CodexSalesBuilder.UseSlotFiles"/>.</summary>
    public SlotFilesSettings SlotFiles { get; } = new();

    /// <summary>For <see cref="CodexSalesBuilder.UseHooks"/>.</summary>
    public HookSettings Hooks { get; } = new();

    /// <summary>For <see cref="CodexSalesBuilder.UseSimulatedMarket"/>.</summary>
    public SimulatedMarketSettings SimulatedMarket { get; } = new();

    // What is wrong with the values that stand here, each by its name; the parts find what is wrong with theirs.
    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(
            StopWithin >= TimeSpan.Zero && StopWithin <= LongestStop, nameof(StopWithin), StopWithin, $"0 to {LongestStop}"),
        .. OptionErrors.Unless(
            ReportEvery is null || ReportEvery >= ShortestReport, nameof(ReportEvery), ReportEvery, $"{ShortestReport} or more"),
        .. OptionErrors.Unless(FirstRestartDelay > TimeSpan.Zero, nameof(FirstRestartDelay), FirstRestartDelay, "more than 0"),
        .. OptionErrors.Unless(
            LongestRestartDelay >= FirstRestartDelay && LongestRestartDelay <= LongestPause,
            nameof(LongestRestartDelay),
            LongestRestartDelay,
            $"the {FirstRestartDelay} of FirstRestartDelay to {LongestPause}"),
    ];
}

/// <summary>Space that is for sale. See <see cref="Availability"/>, whose names and units these are.</summary>
public sealed class AvailabilityOptions
{
    /// <summary>The name by which the provider knows it; needed.</summary>
    public string? Id { get; set; }

    /// <summary>All of its space in bytes; at least 1.</summary>
    public ulong TotalBytes { get; set; }

    /// <summary>The longest time for which a slot is kept, in seconds; at least 1.</summary>
    public ulong MaxDurationSeconds { get; set; }

    /// <summary>The lowest price, in the token's smallest unit for each byte and second.</summary>
    public UInt256 MinPricePerBytePerSecond { get; set; }

    /// <summary>The most collateral that its sales may put at risk, in the token's smallest unit; at least 1.</summary>
    public UInt256 TotalCollateral { get; set; }

    /// <summary>Whether no new sale may use it.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>The last moment at which a sale may end, in Unix seconds; null for no limit.</summary>
    public UnixSeconds? Until { get; set; }

    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(
            AvailabilityId.TryParse(Id, out _), nameof(Id), Id, "a name of at most 100 characters"),
        .. OptionErrors.Unless(TotalBytes > 0, nameof(TotalBytes), TotalBytes, "1 or more"),
        .. OptionErrors.Unless(MaxDurationSeconds > 0, nameof(MaxDurationSeconds), MaxDurationSeconds, "1 or more"),
        .. OptionErrors.Unless(TotalCollateral > 0, nameof(TotalCollateral), TotalCollateral, "1 or more"),
    ];

    internal Availability ToAvailability() => new()
    {
        Id = new AvailabilityId(Id!),
        TotalBytes = TotalBytes,
        MaxDurationSeconds = MaxDurationSeconds,
        MinPricePerBytePerSecond = MinPricePerBytePerSecond,
        TotalCollateral = TotalCollateral,
        IsDisabled = IsDisabled,
        Until = Until,
    };
}

/// <summary>A Marketplace contract, the nodes that are asked, and who signs.</summary>
public sealed class EthereumSettings
{
    /// <summary>The nodes, by http, https, ws or wss; the first one that answers is asked. At least one.</summary>
    public IList<string> Nodes { get; } = [];

    /// <summary>The contract; needed.</summary>
    public Address? Marketplace { get; set; }

    /// <summary>The chain that is meant; null to take the node's.</summary>
    public ulong? ChainId { get; set; }

    /// <summary>
    /// The file with the account's key: 64 hexadecimal digits, or a keystore of version 3. Only its owner may read it. Null where
    /// another one signs.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>The file with the password of the keystore; null when it has none.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Who sells: the account of <see cref="Signer"/>, or one whose key the node keeps; null to take that of the key.</summary>
    public Address? Account { get; set; }

    /// <summary>The address of a program that keeps the key and signs; null where there is none.</summary>
    public string? Signer { get; set; }

    /// <summary>Whether that program is clef, not web3signer.</summary>
    public bool SignerIsClef { get; set; }

    /// <summary>How many questions a second each node is asked at most; null for as many as there are.</summary>
    /// <value>Null by default; more than 0.</value>
    public double? RequestsPerSecond { get; set; }

    /// <summary>How the chain is read. Its chain and how far back it reads come from the contract.</summary>
    public MarketIntakeOptions Intake { get; } = new();

    /// <summary>How transactions are priced, limited and watched.</summary>
    public TransactionOptions Transactions { get; } = new();

    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(Nodes.Count > 0, nameof(Nodes), null, "at least one"),
        .. Nodes.Select((url, place) => ((string?)url, $"{nameof(Nodes)}:{place}")).Append((Signer, nameof(Signer))).SelectMany(OfAddress),
        .. OptionErrors.Unless(
            Marketplace is { } contract && contract != default, nameof(Marketplace), Marketplace, "the contract"),
        .. OptionErrors.Unless(Signer is null || KeyFile is null, nameof(Signer), "given", "none with KeyFile"),
        .. OptionErrors.Unless(PasswordFile is null || KeyFile is not null, nameof(PasswordFile), "given", "none without KeyFile"),
        .. OptionErrors.Unless(Signer is null || Account is not null, nameof(Account), null, "with Signer, the account that it signs for"),
        .. OptionErrors.Unless(RequestsPerSecond is null or > 0, nameof(RequestsPerSecond), RequestsPerSecond, "more than 0"),
        .. FromTheContract("LookBack", Intake.LookBack, new MarketIntakeOptions().LookBack),
        .. FromTheContract("ChainId", Intake.ChainId, null),
        .. Intake.FindErrors().Select(error => $"{nameof(Intake)}:{error}"),
        .. Transactions.FindErrors().Select(error => $"{nameof(Transactions)}:{error}"),
    ];

    // A URL may hold a key: it is not repeated.
    private static IEnumerable<string> OfAddress((string? Url, string Name) given) =>
        given.Url is null || RpcEndpoint.TryParse(given.Url, out _, out var problem) ? [] : [$"{given.Name}: {problem}"];

    private static IEnumerable<string> FromTheContract(string name, object? value, object? unset) => Equals(value, unset)
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{nameof(Intake)}:{name} is {value}; none is expected, since it comes from the contract.")];
}

/// <summary>Where a host remembers. See <see cref="SqliteStoreOptions"/>.</summary>
public sealed class SqliteSettings
{
    /// <summary>The file; needed. Its folder is made, for nobody but the owner, where it is not there.</summary>
    public string? Path { get; set; }

    /// <summary>How many past sales are remembered; at least 1.</summary>
    /// <value><see cref="SqliteStoreOptions.DefaultHistoryCapacity"/> by default.</value>
    public int HistoryCapacity { get; set; } = SqliteStoreOptions.DefaultHistoryCapacity;

    /// <summary>Whether to go on with an empty store when the file is damaged or gone.</summary>
    public bool StartEmptyWhenDamaged { get; set; }

    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(!string.IsNullOrWhiteSpace(Path), nameof(Path), Path, "a file"),
        .. OptionErrors.Unless(HistoryCapacity >= 1, nameof(HistoryCapacity), HistoryCapacity, "1 or more"),
    ];
}

/// <summary>A folder of slots, and where they are fetched from.</summary>
public sealed class SlotFilesSettings
{
    /// <summary>The folder, for nothing else; needed.</summary>
    public string? Directory { get; set; }

    /// <summary>The http or https address of a slot, with <c>{cid}</c>, <c>{index}</c> or <c>{requestId}</c> in it; needed.</summary>
    public string? Source { get; set; }

    /// <summary>The bytes of all slots together, besides what availabilities allow; from 1 to 2^63 − 1.</summary>
    /// <value>2^63 − 1 by default: no more is stored than is for sale.</value>
    public ulong QuotaBytes { get; set; } = long.MaxValue;

    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(!string.IsNullOrWhiteSpace(Directory), nameof(Directory), Directory, "a folder"),
        .. OptionErrors.Unless(
            Source is not null && HttpSlotSource.IsTemplate(Source),
            nameof(Source),
            Source,
            "an http or https address with {cid}, {requestId} or {index}"),
        .. OptionErrors.Unless(QuotaBytes is > 0 and <= long.MaxValue, nameof(QuotaBytes), QuotaBytes, $"1 to {long.MaxValue}"),
    ];
}

/// <summary>A program of the operator's that proves, and may store. It is asked at the start whether it can work.</summary>
public sealed class HookSettings
{
    /// <summary>The program; needed. See the README of CodexSales.Rx.Local for what it reads and answers.</summary>
    public string? Program { get; set; }

    /// <summary>What it is called with.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// A folder for slots, which is made for nobody but the owner where it is not there; its path is the last argument. Null for none.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>Variables of the environment that it sees beside those that programs need.</summary>
    public IList<string> EnvironmentNames { get; } = [];

    internal IEnumerable<string> FindErrors() =>
        OptionErrors.Unless(!string.IsNullOrWhiteSpace(Program), nameof(Program), Program, "a path or a name");
}

/// <summary>A market that is simulated in the process.</summary>
public sealed class SimulatedMarketSettings
{
    /// <summary>How many seconds pass on it, and for the whole host, in one second.</summary>
    /// <value>60 by default; from 1 to 10,000.</value>
    public int Speed { get; set; } = 60;

    /// <summary>How many requests clients make in an hour of the market.</summary>
    /// <value>30 by default; 0.1 to 3,600.</value>
    public double RequestsPerHour { get; set; } = 30;

    /// <summary>The longest that a request lasts.</summary>
    /// <value>2 days by default; more than an hour.</value>
    public TimeSpan LongestRequest { get; set; } = TimeSpan.FromDays(2);

    /// <summary>How many hosts compete.</summary>
    /// <value>2 by default; 0 to 100.</value>
    public int CompetingHosts { get; set; } = 2;

    /// <summary>What decides all that is left to chance.</summary>
    /// <value>1 by default.</value>
    public int Seed { get; set; } = 1;

    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(Speed is >= 1 and <= 10_000, nameof(Speed), Speed, "1 to 10000"),
        .. OptionErrors.Unless(RequestsPerHour is >= 0.1 and <= 3_600, nameof(RequestsPerHour), RequestsPerHour, "0.1 to 3600"),
        .. OptionErrors.Unless(LongestRequest > TimeSpan.FromHours(1), nameof(LongestRequest), LongestRequest, "more than 01:00:00"),
        .. OptionErrors.Unless(CompetingHosts is >= 0 and <= 100, nameof(CompetingHosts), CompetingHosts, "0 to 100"),
    ];
}
