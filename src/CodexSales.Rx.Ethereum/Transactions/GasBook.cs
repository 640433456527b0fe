using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What was spent on fees for each slot, out of what is told of transactions.</summary>
/// <remarks>
/// Counts what landed, what was reverted and what was withdrawn, and what an earlier run is remembered to have spent. The
/// fills that an approval went out with share what it cost. Threading: any thread.
/// </remarks>
public sealed class GasBook
{
    // Some approvals are followed by no fill; of so many the latest are kept.
    private const int MostApprovals = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<SlotKey, UInt256> _recalled = [];
    private readonly Dictionary<SlotKey, Dictionary<ulong, UInt256>> _spent = [];

    // By their nonces: an approval is followed by the fills that it is for.
    private readonly SortedDictionary<ulong, UInt256> _approvals = [];
    private readonly Dictionary<ulong, SlotKey> _fills = [];

    /// <summary>
    /// Takes up what an earlier run spent, for each slot in wei, on what had ended for good: of what had not, notices tell
    /// again.
    /// </summary>
    public void Recall(IReadOnlyDictionary<SlotKey, UInt256> spent)
    {
        ArgumentNullException.ThrowIfNull(spent);
        lock (_gate)
        {
            foreach (var (slot, wei) in spent)
            {
                _recalled[slot] = wei;
            }
        }
    }

    /// <summary>Books what a notice tells. A reorganisation takes it back.</summary>
    public void Note(TransactionNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        if (notice.Nonce is not { } nonce)
        {
            return;
        }

        lock (_gate)
        {
            var isBack = notice.Kind == TransactionNoticeKind.Reorganised;
            switch (notice.Purpose)
            {
                case { Kind: TransactionKind.Approve } when notice.SpentWei is { } wei:
                    _approvals[nonce] = wei;
                    if (_approvals.Count > MostApprovals)
                    {
                        _approvals.Remove(_approvals.First().Key);
                    }

                    break;
                case { Kind: TransactionKind.Approve } when isBack:
                    _approvals.Remove(nonce);
                    break;
                case { Slot: { } slot } purpose when notice.SpentWei is { } wei:
                    Add(slot, nonce, wei);
                    if (purpose.Kind == TransactionKind.FillSlot)
                    {
                        _fills[nonce] = slot;
                    }

                    break;
                case { Slot: { } slot } when isBack:
                    _spent.GetValueOrDefault(slot)?.Remove(nonce);
                    _fills.Remove(nonce);
                    break;
            }
        }
    }

    /// <summary>What was spent on a slot, in wei. It is forgotten: its sale is over.</summary>
    public UInt256 Close(SlotKey slot)
    {
        lock (_gate)
        {
            List<ulong> fills = [.. _fills.Where(fill => fill.Value == slot).Select(fill => fill.Key)];
            fills.ForEach(ShareApproval);
            fills.ForEach(fill => _fills.Remove(fill));
            _spent.Remove(slot, out var ofSlot);
            _recalled.Remove(slot, out var recalled);
            return (ofSlot?.Values ?? Enumerable.Empty<UInt256>()).Aggregate(
                recalled, (left, right) => UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue);
        }
    }

    private void Add(SlotKey slot, ulong nonce, UInt256 wei)
    {
        if (!_spent.TryGetValue(slot, out var ofSlot))
        {
            _spent.Add(slot, ofSlot = []);
        }

        ofSlot[nonce] = wei;
    }

    private void ShareApproval(ulong fill)
    {
        var first = fill;
        while (first > 0 && _fills.ContainsKey(first - 1))
        {
            first--;
        }

        if (first == 0 || !_approvals.Remove(first - 1, out var wei))
        {
            return;
        }

        List<SlotKey> slots = [];
        for (var next = first; _fills.TryGetValue(next, out var slot); next++)
        {
            slots.Add(slot);
        }

        slots.ForEach(slot => Add(slot, first - 1, wei / (ulong)slots.Count));
    }
}
