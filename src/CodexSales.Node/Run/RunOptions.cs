using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Node.Run;

/// <summary>The offers, the chain and the account; the options of <see cref="RunCommand"/> say what each is.</summary>
internal sealed record RunOptions
{
    /// <summary>The nodes, the preferred one first; at least one.</summary>
    public required ImmutableArray<RpcEndpoint> Nodes { get; init; }

    public required Address Marketplace { get; init; }

    /// <summary>The account that sells; null for that of the key file.</summary>
    public Address? Account { get; init; }

    public string? KeyFile { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>The program that keeps the key and signs; null where the key is in a file or at the node.</summary>
    public RpcEndpoint? Signer { get; init; }

    public bool SignerIsClef { get; init; }

    public ulong? ChainId { get; init; }

    /// <summary>The folder of the store and of the slots; null in a dry run only.</summary>
    public string? Data { get; init; }

    public ulong KeepFreeBytes { get; init; }

    /// <summary>The availabilities for sale besides those that the store remembers.</summary>
    public required ImmutableArray<Availability> Availabilities { get; init; }

    public ImmutableArray<string> RemovedAvailabilities { get; init; } = [];

    /// <summary>The operator's program; null in a dry run only.</summary>
    public string? Hook { get; init; }

    public ImmutableArray<string> HookVariables { get; init; } = [];

    /// <summary>The template of the URLs that slots are fetched from; null to let the hook store.</summary>
    public string? Source { get; init; }

    public required int Workers { get; init; }

    public required int QueueSize { get; init; }

    /// <summary>The most questions a second that each node is asked; null for no bound.</summary>
    public double? RequestsPerSecond { get; init; }

    public required TransactionOptions Sending { get; init; }

    public required MarketIntakeOptions Reading { private get; init; }

    public required TimeSpan ReportEvery { get; init; }

    public required TimeSpan StopWithin { get; init; }

    public bool IsDryRun { get; init; }

    /// <summary>The options to read a chain with.</summary>
    public MarketIntakeOptions ReadingOf(ChainInfo chain) =>
        Reading with { ChainId = chain.Id, LookBack = chain.LongestRequest };
}
