using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What was spent on fees for each slot, out of what is told of transactions.</summary>
/// <remarks>
/// Counts what landed, what was reverted and what was withdrawn since it was made, not what an earlier run spent. Approvals
/// are for no single slot, and are not counted. Threading: any thread.
/// </remarks>
public sealed class GasBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SlotKey, Dictionary<ulong, UInt256>> _spent = [];

    /// <summary>Books what a notice tells. A reorganisation takes it back.</summary>
    public void Note(TransactionNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (notice is not { Purpose.Slot: { } slot, Nonce: { } nonce })
        {
            return;
        }

        lock (_gate)
        {
            if (notice.SpentWei is { } wei)
            {
                if (!_spent.TryGetValue(slot, out var ofSlot))
                {
                    _spent.Add(slot, ofSlot = []);
                }

                ofSlot[nonce] = wei;
            }
            else if (notice.Kind == TransactionNoticeKind.Reorganised)
            {
                _spent.GetValueOrDefault(slot)?.Remove(nonce);
            }
        }
    }

    /// <summary>What was spent on a slot, in wei. It is forgotten: its sale is over.</summary>
    public UInt256 Close(SlotKey slot)
    {
        lock (_gate)
        {
            _spent.Remove(slot, out var ofSlot);
            return (ofSlot?.Values ?? Enumerable.Empty<UInt256>()).Aggregate(
                UInt256.Zero, (left, right) => UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue);
        }
    }
}
