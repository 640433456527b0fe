using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Offers;

namespace CodexSales.Rx.Web.Codex;

/// <summary>
/// The disk as Codex clients see it: what sales have written is used, and all else that is for sale is reserved.
/// </summary>
internal sealed record CodexSpace(ulong TotalBlocks, ulong QuotaMaxBytes, ulong QuotaUsedBytes, ulong QuotaReservedBytes)
{
    private const ulong BlockBytes = 65_536;
    private const ulong LargestOfJavaScript = (1UL << 53) - 1;

    /// <summary>How much more may be offered, in bytes.</summary>
    internal ulong Room { get; private init; }

    public static CodexSpace Of(ISalesHost host)
    {
        var space = OfferedSpace.Of(host);

        // Without a quota, as much as a client can count.
        var quota = Math.Min(host.Options.SlotFiles.QuotaBytes, LargestOfJavaScript);
        return new CodexSpace(
            (ulong)UInt128.Min((space.Used + BlockBytes - 1) / BlockBytes, ulong.MaxValue),
            quota,
            (ulong)UInt128.Min(space.Used, ulong.MaxValue),
            (ulong)UInt128.Min(space.Reserved, ulong.MaxValue))
        {
            Room = space.RoomIn(quota),
        };
    }
}
