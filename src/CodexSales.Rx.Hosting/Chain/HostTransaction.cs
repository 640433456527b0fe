using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Hosting.Chain;

/// <summary>What a host sent under one nonce. Immutable.</summary>
public sealed record HostTransaction
{
    /// <summary>The account's number of it.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>What it is for.</summary>
    public required TransactionPurpose Purpose { get; init; }

    /// <summary>How it ended; null while it is in flight, or may still be taken back by a reorganisation.</summary>
    public required TransactionEnd? End { get; init; }

    /// <summary>When it was sent first.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>How often it was sent: each time after the first at a higher price.</summary>
    public required int Attempts { get; init; }

    /// <summary>The hash of the last of these; null where only the node knows it.</summary>
    public required Bytes32? Hash { get; init; }

    /// <summary>The last that was heard of it, in a sentence; null where nothing was since the start.</summary>
    public required string? LastHeard { get; init; }

    internal static HostTransaction Of(JournalEntry entry, string? lastHeard) => new()
    {
        Nonce = entry.Nonce,
        Purpose = entry.Purpose,
        End = entry.End,
        SentAt = entry.Attempts.Length == 0 ? default : entry.Attempts[0].SentAt,
        Attempts = entry.Attempts.Length,
        Hash = entry.Attempts.LastOrDefault()?.Hash,
        LastHeard = lastHeard,
    };
}
