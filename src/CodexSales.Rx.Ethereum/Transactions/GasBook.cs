namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The fees spent for each slot, by the notices of transactions.</summary>
/// <remarks>
/// Counts what landed, reverted or was cancelled, and what an earlier run has spent. The fills after an approval share
/// its cost. Threading: any thread.
/// </remarks>
public sealed class GasBook
{
    // Some approvals are followed by no fill; the latest are kept.
    private const int MostApprovals = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<SlotKey, UInt256> _recalled = [];
    private readonly Dictionary<SlotKey, Dictionary<ulong, UInt256>> _spent = [];

    // By nonce: an approval comes just before the fills that it is for.
    private readonly SortedDictionary<ulong, UInt256> _approvals = [];
    private readonly Dictionary<ulong, SlotKey> _fills = [];

    /// <summary>Takes up, in wei for each slot, what an earlier run spent on transactions that had ended.</summary>
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

    /// <summary>Books the cost that a notice tells. A reorganisation takes it back.</summary>
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

    /// <summary>The wei spent on a slot whose sale is over. Forgets it.</summary>
    public UInt256 Close(SlotKey slot)
    {
        lock (_gate)
        {
            List<ulong> fills = [.. _fills.Where(fill => fill.Value == slot).Select(fill => fill.Key)];
            fills.ForEach(ShareApproval);
            fills.ForEach(fill => _fills.Remove(fill));
            _spent.Remove(slot, out var ofSlot);
            _recalled.Remove(slot, out var recalled);
            return (ofSlot?.Values ?? Enumerable.Empty<UInt256>()).Aggregate(recalled, Wei.Add);
        }
    }

    private void Add(SlotKey slot, ulong nonce, UInt256 wei)
    {
        _spent.TryAdd(slot, []);
        _spent[slot][nonce] = wei;
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
