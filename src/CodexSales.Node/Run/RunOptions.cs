using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Node.Run;

/// <summary>What is sold, where, and by whom.</summary>
internal sealed record RunOptions
{
    /// <summary>The nodes, the preferred one first; at least one.</summary>
    public required ImmutableArray<RpcEndpoint> Nodes { get; init; }

    /// <summary>The contract.</summary>
    public required Address Marketplace { get; init; }

    /// <summary>Who sells; null to take the account of the key file.</summary>
    public Address? Account { get; init; }

    /// <summary>The file with the account's key; null where somebody else keeps it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The file with the key file's password; null when it has none.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>The program that keeps the key and signs; null where there is none.</summary>
    public RpcEndpoint? Signer { get; init; }

    /// <summary>Whether that program is clef.</summary>
    public bool SignerIsClef { get; init; }

    /// <summary>The chain that is meant; null to take the node's.</summary>
    public ulong? ChainId { get; init; }

    /// <summary>The folder of the store and of the slots; null in a dry run only.</summary>
    public string? Data { get; init; }

    /// <summary>What is for sale besides what the store remembers.</summary>
    public required ImmutableArray<Availability> Availabilities { get; init; }

    /// <summary>The operator's program, which proves, and stores unless there is a source.</summary>
    /// <value>Null in a dry run only.</value>
    public string? Hook { get; init; }

    /// <summary>Variables of the environment that the hook sees beside those that programs need.</summary>
    public ImmutableArray<string> HookVariables { get; init; } = [];

    /// <summary>Where slots are fetched from, with braces to fill in; null to let the hook store.</summary>
    public string? Source { get; init; }

    /// <summary>How many slots are acquired at once.</summary>
    public required int Workers { get; init; }

    /// <summary>How many slots the queue holds.</summary>
    public required int QueueSize { get; init; }

    /// <summary>How many questions a second each node is asked at most; null for as many as there are.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Who gets the reward of a slot; null for the account itself.</summary>
    public Address? PayoutTo { get; init; }

    /// <summary>The least that a unit of gas pays to the block's maker, in wei.</summary>
    public required UInt256 MinPriorityFeePerGas { get; init; }

    /// <summary>The most that a unit of gas may cost, in wei.</summary>
    public required UInt256 MaxFeePerGas { get; init; }

    /// <summary>The most that the transactions of 24 hours may cost, in wei.</summary>
    public required UInt256 MostWeiPerDay { get; init; }

    /// <summary>How many transactions are in flight at most, besides proofs.</summary>
    public required int MostInFlight { get; init; }

    /// <summary>The gas limit of a fill that can't be estimated yet.</summary>
    public required ulong UnestimatedFillGas { get; init; }

    /// <summary>How many tokens the contract may take, allowed once; null to allow each fill what it takes.</summary>
    public UInt256? StandingAllowance { get; init; }

    /// <summary>How many blocks stand on one that counts as final where the chain does not say what is.</summary>
    public required int FinalBlocks { get; init; }

    /// <summary>How much older than the newest block such a one is besides.</summary>
    public required TimeSpan FinalAge { get; init; }

    /// <summary>Whether it forgets first by which blocks the chain is known.</summary>
    public bool ForgetsBlocks { get; init; }

    /// <summary>How many bytes of the disk stay free: with less, nothing new is begun.</summary>
    public ulong KeepFreeBytes { get; init; }

    /// <summary>Which availabilities that are remembered are not for sale any more.</summary>
    public ImmutableArray<string> RemovedAvailabilities { get; init; } = [];

    /// <summary>How often a line says how things stand.</summary>
    public required TimeSpan ReportEvery { get; init; }

    /// <summary>How long what is on its way is waited for at most when it stops.</summary>
    public required TimeSpan StopWithin { get; init; }

    /// <summary>Whether it only decides and says so, and sends nothing.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>How transactions are priced, limited and watched.</summary>
    public TransactionOptions Sending => new()
    {
        MinPriorityFeePerGas = MinPriorityFeePerGas,
        MostInFlight = MostInFlight,
        UnestimatedFillGas = UnestimatedFillGas,
        StandingAllowance = StandingAllowance,
        MaxFeePerGas = MaxFeePerGas,
        MostWeiPerDay = MostWeiPerDay,
        PayoutTo = PayoutTo,
    };

    /// <summary>How a chain is read.</summary>
    public MarketIntakeOptions ReadingOf(ChainInfo chain) => new()
    {
        ChainId = chain.Id,
        LookBack = chain.LongestRequest,
        FinalDepth = FinalBlocks,
        FinalAge = FinalAge,
        ForgetsBlocks = ForgetsBlocks,
    };
}
