using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>A block whose events were told.</summary>
/// <param name="Stamp">Its height and timestamp.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Events">What was told, in order; to be taken back if the block is.</param>
internal sealed record OwnBlock(BlockStamp Stamp, Bytes32 Hash, IReadOnlyList<MarketEvent> Events)
{
    public ulong Number => Stamp.Number;
}
