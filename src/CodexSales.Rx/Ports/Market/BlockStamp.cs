namespace CodexSales.Rx.Ports.Market;

/// <summary>A block of the chain.</summary>
/// <param name="Number">The block's height.</param>
/// <param name="Time">The block's timestamp. Never earlier than its parent's; blocks may share one.</param>
public readonly record struct BlockStamp(ulong Number, UnixSeconds Time)
{
    /// <summary>The block's hash, which tells it from one that replaces it; zero where it is not known.</summary>
    public Bytes32 Hash { get; init; }
}
