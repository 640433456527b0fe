namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>A block whose events were told.</summary>
/// <param name="Stamp">Its height, timestamp and hash.</param>
/// <param name="Events">Its events, and those of the blocks between it and the kept one before, in order.</param>
internal sealed record CanonicalBlock(BlockStamp Stamp, IReadOnlyList<MarketEvent> Events)
{
    public ulong Number => Stamp.Number;

    public Bytes32 Hash => Stamp.Hash;
}
