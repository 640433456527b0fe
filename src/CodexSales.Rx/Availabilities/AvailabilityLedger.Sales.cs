using System.Reactive;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Availabilities;

// Changes of the books by sales.
public sealed partial class AvailabilityLedger
{
    /// <summary>Holds space and collateral in the availability that fits best, or says why none takes the
    /// slot.</summary>
    internal Hold? Reserve(SlotTerms terms, ulong slotIndex, out RefusalReason? refusal)
    {
        var fitting = BestFit(terms, out refusal);
        return fitting is null ? null : Take(fitting.Balance!.Availability.Id, terms, slotIndex);
    }

    /// <summary>Holds what a slot needs that the chain already counts as this host's, and whose data is stored,
    /// wherever there is room for it.</summary>
    internal Hold? ReserveRecovered(SlotTerms terms, ulong slotIndex)
    {
        var home = _accounts.Values
            .Where(account => account.Balance is { } balance
                && balance.FreeBytes >= terms.Ask.SlotSizeBytes && balance.UnheldCollateral >= terms.Collateral)
            .MinBy(account => account.Balance!.FreeBytes);
        return home is null
            ? null
            : RecordWritten(Take(home.Balance!.Availability.Id, terms, slotIndex), terms.Ask.SlotSizeBytes);
    }

    /// <summary>Notes how much of a hold is written by now, in bytes; never more than it holds, never less than
    /// before.</summary>
    internal Hold RecordWritten(Hold hold, ulong usedBytes) => Replace(
        hold, current => current with { UsedBytes = Math.Clamp(usedBytes, current.UsedBytes, current.Bytes) }, LedgerCause.Written);

    /// <summary>Notes that the slot is filled, all of its data is there, and what it is paid at the end.</summary>
    internal Hold Fill(Hold hold, UInt256 expectedReward) => Replace(
        hold, current => current with { UsedBytes = current.Bytes, ExpectedReward = expectedReward }, LedgerCause.Filled);

    /// <summary>Closes the books on a sale: gives back what it holds, once, and counts what came of it. Notifies once
    /// that is stored.</summary>
    internal IObservable<Unit> Close(PastSale sale, Hold? hold)
    {
        var id = hold?.AvailabilityId ?? sale.Sale.HeldIn;
        if (id is not { } home || !_accounts.TryGetValue(home, out var account))
        {
            var totals = (_gone.GetValueOrDefault(id.GetValueOrDefault()) ?? SoldTotals.None(id)).With(sale.End);
            KeepPast(id.GetValueOrDefault(), totals);
            return Remember(new SaleClosed(sale, totals));
        }

        account.Past = account.Past.With(sale.End);
        var saved = Remember(new SaleClosed(sale, account.Past));
        if (hold is null)
        {
            Rebalance(account.Balance!.Availability, LedgerCause.Released);
        }
        else
        {
            Release(hold);
        }

        if (IsDrained(account))
        {
            Forget(home, account);
        }

        return saved;
    }

    /// <summary>Gives everything back that a sale holds. Each hold is released once.</summary>
    internal void Release(Hold hold)
    {
        var account = _accounts[hold.AvailabilityId];
        account.Remove(hold);
        Rebalance(account.Balance!.Availability, LedgerCause.Released);
    }

    /// <summary>Whether some availability takes a slot on these terms; if not, the reason of the one that comes
    /// closest.</summary>
    internal bool Takes(SlotTerms terms, out RefusalReason? refusal) => BestFit(terms, out refusal) is not null;

    /// <summary>Of the availabilities that refuse terms for a reason, the limit that came closest; null when it is about none.</summary>
    internal UInt256? ClosestLimit(RefusalReason reason, SlotTerms terms)
    {
        var limits = _accounts.Values
            .Where(account => account.Balance!.Refuses(terms) == reason)
            .Select(account => account.Balance!.LimitOf(reason))
            .OfType<UInt256>()
            .ToList();
        return limits.Count == 0 ? null : reason is RefusalReason.PriceTooLow ? limits.Min() : limits.Max();
    }

    private Account? BestFit(SlotTerms terms, out RefusalReason? refusal)
    {
        Account? best = null;
        refusal = RefusalReason.NoAvailability;
        foreach (var account in _accounts.Values)
        {
            if (account.Balance!.Refuses(terms) is { } reason)
            {
                // The reasons are declared in the order of the checks: the latest one came closest.
                refusal = reason > refusal ? reason : refusal;
            }
            else if (best is null || account.Balance.FreeBytes < best.Balance!.FreeBytes)
            {
                best = account;
            }
        }

        refusal = best is null ? refusal : null;
        return best;
    }

    // Storage tells again how much of a download is written.
    private Hold Restore(SaleRecord sale)
    {
        var hold = Take(sale.HeldIn!.Value, sale.Terms, sale.SlotIndex);
        return sale.State switch
        {
            SaleStateName.SaleSlotReserving or SaleStateName.SaleDownloading => hold,
            SaleStateName.SaleProving or SaleStateName.SalePayout =>
                Fill(hold, sale.Terms.RewardFrom(sale.FilledAt ?? sale.At)),
            _ => RecordWritten(hold, hold.Bytes),
        };
    }

    private Hold Take(AvailabilityId home, SlotTerms terms, ulong slotIndex)
    {
        var account = _accounts[home];
        var slot = new SlotKey(terms.RequestId, slotIndex);
        var hold = new Hold(++_lastHold, home, slot, terms.Ask.SlotSizeBytes, 0, terms.Collateral) { EndsAt = terms.EndsAt };
        account.Add(hold);
        Rebalance(account.Balance!.Availability, LedgerCause.Held);
        return hold;
    }

    private Hold Replace(Hold hold, Func<Hold, Hold> change, LedgerCause cause)
    {
        var account = _accounts[hold.AvailabilityId];
        var changed = change(account.Remove(hold));
        account.Add(changed);
        Rebalance(account.Balance!.Availability, cause);
        return changed;
    }
}
