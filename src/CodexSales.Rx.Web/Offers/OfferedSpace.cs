using CodexSales.Rx.Hosting;

namespace CodexSales.Rx.Web.Offers;

/// <summary>All space that is for sale: what sales have written of it, and the rest.</summary>
internal readonly record struct OfferedSpace(UInt128 Used, UInt128 Reserved)
{
    public static OfferedSpace Of(ISalesHost host)
    {
        var (used, reserved) = ((UInt128)0, (UInt128)0);
        foreach (var balance in host.Availabilities.Snapshot)
        {
            used += balance.UsedBytes;
            reserved += (UInt128)balance.HeldBytes + balance.FreeBytes;
        }

        return new OfferedSpace(used, reserved);
    }

    /// <summary>How much more may be offered, in bytes.</summary>
    public ulong RoomIn(ulong quota) => Used + Reserved < quota ? (ulong)(quota - Used - Reserved) : 0;
}
