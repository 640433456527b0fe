namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>A block whose events were told.</summary>
/// <param name="Stamp">Its height, timestamp and hash.</param>
/// <param name="Events">
/// What was told of it, and of the blocks between it and the one that is kept before it, in order; to be taken back if
/// the block is.
/// </param>
internal sealed record CanonicalBlock(BlockStamp Stamp, IReadOnlyList<MarketEvent> Events)
{
    public ulong Number => Stamp.Number;

    public Bytes32 Hash => Stamp.Hash;
}
