namespace CodexSales.Rx.Local.Files;

/// <summary>The bytes that each slot has, or is about to have, and a limit on all of them. For any thread.</summary>
internal sealed class DiskQuota(ulong limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SlotKey, ulong> _claims = [];

    /// <summary>Sets bytes aside for a slot, in place of what it has; throws where that is beyond the limit.</summary>
    /// <exception cref="SlotStorageException">It is.</exception>
    public void Claim(SlotKey slot, ulong bytes)
    {
        lock (_gate)
        {
            var others = OthersThan(slot);
            if ((UInt128)others + bytes > limit)
            {
                throw new SlotStorageException(
                    $"Slot {slot.ToShortString()} has {bytes} bytes, and other slots have {others} of the {limit} bytes that may be "
                        + "stored.");
            }

            _claims[slot] = bytes;
        }
    }

    /// <summary>Notes what a slot really has.</summary>
    public void Settle(SlotKey slot, ulong bytes)
    {
        lock (_gate)
        {
            if (bytes == 0)
            {
                _claims.Remove(slot);
            }
            else
            {
                _claims[slot] = bytes;
            }
        }
    }

    // Data from before the limit was set may be beyond it, by any amount.
    private ulong OthersThan(SlotKey slot) => _claims
        .Where(claim => claim.Key != slot)
        .Aggregate(0UL, (sum, claim) => checked(sum + claim.Value));
}
