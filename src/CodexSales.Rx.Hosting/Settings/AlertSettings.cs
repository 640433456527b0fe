namespace CodexSales.Rx.Hosting.Settings;

/// <summary>When the operator is told of something, and how. All but <see cref="File"/> can be changed while it runs.</summary>
public sealed class AlertSettings
{
    /// <summary>Who is told over HTTP, besides the log.</summary>
    public IList<WebhookSettings> Webhooks { get; } = [];

    /// <summary>The program that is run for each alert, and reads it as one line of JSON; null for none.</summary>
    public string? Program { get; set; }

    /// <summary>What the program is called with.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>
    /// The file that remembers active alerts and what is still to be sent. Only its owner may read it. Null for one beside that of
    /// <see cref="SqliteSettings.Path"/>, with <c>.alerts</c> after its name; without a store nothing is remembered.
    /// </summary>
    public string? File { get; set; }

    /// <summary>How many messages may wait for each receiver; beyond that the oldest are given up, which is told.</summary>
    /// <value>1,000 by default; from 10 to 100,000.</value>
    public int QueueCapacity { get; set; } = 1_000;

    /// <summary>For how long something that happened stays an alert after the last time: a missed proof, a lost slot.</summary>
    /// <value>6 hours by default; from 1 minute to 30 days.</value>
    public TimeSpan HappeningsLast { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Ether is low when it lasts for less, as the fees of the last 24 hours go.</summary>
    /// <value>3 days by default; 0 to 365 days.</value>
    public TimeSpan EtherLasts { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Tokens are low when they last for less, as the collateral of the slots that were filled in the last 24 hours goes.</summary>
    /// <value>1 day by default; 0 to 365 days.</value>
    public TimeSpan TokensLast { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How much of the limit on fees of 24 hours may be spent, in percent.</summary>
    /// <value>80 by default; from 1 to 100.</value>
    public int FeeLimitPercent { get; set; } = 80;

    /// <summary>How much of the time that a period leaves for a proof the slowest one may take, in percent.</summary>
    /// <value>80 by default; from 1 to 100.</value>
    public int ProofTimePercent { get; set; } = 80;

    /// <summary>A transaction is stuck when it is in flight for longer.</summary>
    /// <value>10 minutes by default; more than 0.</value>
    public TimeSpan TransactionStuckAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Blocks have stopped when the newest one is older.</summary>
    /// <value>2 minutes by default; more than 0.</value>
    public TimeSpan BlocksStoppedAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>A node, a port or the pipeline is told of when it fails for longer.</summary>
    /// <value>1 minute by default; 0 or more.</value>
    public TimeSpan FailingAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A disk is low with less free, in bytes.</summary>
    /// <value>1 GiB by default.</value>
    public ulong FreeBytes { get; set; } = 1UL << 30;

    /// <summary>For how long slots may be open while nothing is sold.</summary>
    /// <value>6 hours by default; more than 0.</value>
    public TimeSpan NothingSoldFor { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The same with another file.</summary>
    internal AlertSettings With(string? file)
    {
        var copy = (AlertSettings)MemberwiseClone();
        copy.File = file;
        return copy;
    }

    internal IEnumerable<string> FindErrors() =>
    [
        .. OptionErrors.Unless(QueueCapacity is >= 10 and <= 100_000, nameof(QueueCapacity), QueueCapacity, "10 to 100000"),
        .. OptionErrors.Unless(FeeLimitPercent is >= 1 and <= 100, nameof(FeeLimitPercent), FeeLimitPercent, "1 to 100"),
        .. OptionErrors.Unless(ProofTimePercent is >= 1 and <= 100, nameof(ProofTimePercent), ProofTimePercent, "1 to 100"),
        .. InRange(nameof(HappeningsLast), HappeningsLast, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
        .. InRange(nameof(EtherLasts), EtherLasts, TimeSpan.Zero, TimeSpan.FromDays(365)),
        .. InRange(nameof(TokensLast), TokensLast, TimeSpan.Zero, TimeSpan.FromDays(365)),
        .. InRange(nameof(TransactionStuckAfter), TransactionStuckAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        .. InRange(nameof(BlocksStoppedAfter), BlocksStoppedAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        .. InRange(nameof(FailingAfter), FailingAfter, TimeSpan.Zero, TimeSpan.FromDays(1)),
        .. InRange(nameof(NothingSoldFor), NothingSoldFor, TimeSpan.FromMinutes(1), TimeSpan.FromDays(365)),
        .. OptionErrors.Unless(Arguments.Count == 0 || !string.IsNullOrWhiteSpace(Program), nameof(Program), Program, "a program, with Arguments,"),
        .. Webhooks.SelectMany((webhook, place) => webhook.FindErrors().Select(error => $"{nameof(Webhooks)}:{place}:{error}")),
        .. Webhooks.GroupBy(each => each.NameOrHost).Where(same => same.Key is not null && same.Count() > 1)
            .Select(same => $"{nameof(Webhooks)}: the name '{same.Key}' is given {same.Count()} times; one of each is expected."),
    ];

    private static IEnumerable<string> InRange(string name, TimeSpan given, TimeSpan least, TimeSpan most) =>
        OptionErrors.Unless(given >= least && given <= most, name, given, $"{least} to {most}");
}

/// <summary>A receiver of alerts over HTTP.</summary>
public sealed class WebhookSettings
{
    /// <summary>Where each alert is posted to, by http or https; needed. It may hold a secret: it is told nowhere.</summary>
    public string? Address { get; set; }

    /// <summary>The name by which log and alerts call it.</summary>
    /// <value>The host of the address, when null.</value>
    public string? Name { get; set; }

    /// <summary>The file with the secret that signs each message; only its owner may read it. Null to sign nothing.</summary>
    public string? SecretFile { get; set; }

    // The address may hold a secret: it is not repeated.
    internal IEnumerable<string> FindErrors() =>
        string.IsNullOrWhiteSpace(Address) ? OptionErrors.Unless(false, nameof(Address), null, "an address")
        : Uri.TryCreate(Address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? []
        : [$"{nameof(Address)} is no address; one that begins with https:// or http:// is expected."];

    internal string? NameOrHost => Name ?? (Uri.TryCreate(Address, UriKind.Absolute, out var uri) ? uri.Authority : null);
}
