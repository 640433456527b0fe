using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Codex;

/// <summary>
/// The disk as Codex clients see it: what sales have written is used, and all else that is for sale is reserved.
/// </summary>
internal sealed record CodexSpace(ulong TotalBlocks, ulong QuotaMaxBytes, ulong QuotaUsedBytes, ulong QuotaReservedBytes)
{
    private const ulong BlockBytes = 65_536;
    private const ulong LargestOfJavaScript = (1UL << 53) - 1;

    /// <summary>How much more may be offered, in bytes.</summary>
    internal ulong Room => (ulong)Int128.Max(0, (Int128)QuotaMaxBytes - QuotaUsedBytes - QuotaReservedBytes);

    public static CodexSpace Of(ISalesHost host)
    {
        var (used, reserved) = ((UInt128)0, (UInt128)0);
        foreach (var balance in host.Availabilities.Snapshot)
        {
            used += balance.UsedBytes;
            reserved += (UInt128)balance.HeldBytes + balance.FreeBytes;
        }

        // Without a quota, as much as a client can count.
        var quota = host.Options.SlotFiles.QuotaBytes;
        return new CodexSpace(
            (ulong)UInt128.Min((used + BlockBytes - 1) / BlockBytes, ulong.MaxValue),
            Math.Min(quota, LargestOfJavaScript),
            (ulong)UInt128.Min(used, ulong.MaxValue),
            (ulong)UInt128.Min(reserved, ulong.MaxValue));
    }
}
