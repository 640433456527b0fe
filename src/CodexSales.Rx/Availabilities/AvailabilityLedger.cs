using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Availabilities;

/// <summary>
/// The books of what is for sale: availabilities, and what running sales hold of them. Held, used and free amounts are derived from the
/// holds, so they cannot drift from them.
/// </summary>
/// <remarks>
/// Threading: edits may come from any thread; they are made on the core scheduler, one after another with everything else that the
/// pipeline decides. Kept in memory.
/// </remarks>
public sealed class AvailabilityLedger : IDisposable
{
    private readonly IScheduler _core;
    private readonly OrderedDictionary<AvailabilityId, Account> _accounts = [];
    private readonly SortedObservableCache<AvailabilityBalance, AvailabilityId, LedgerCause> _balances;
    private readonly Subject<BalanceChange> _changes = new();
    private long _lastHold;

    internal AvailabilityLedger(IScheduler core, Action<Exception> subscriberFailed)
    {
        _core = core;
        _balances = new SortedObservableCache<AvailabilityBalance, AvailabilityId, LedgerCause>(
            balance => balance.Availability.Id,
            Comparer<AvailabilityBalance>.Create((left, right) =>
                string.CompareOrdinal(left.Availability.Id.ToString(), right.Availability.Id.ToString())),
            subscriberFailed);
    }

    /// <summary>All availabilities as they are now, by name: immutable and never torn.</summary>
    public IReadOnlyList<AvailabilityBalance> Current => _balances.Snapshot.Items;

    /// <summary>All availabilities by name first, also when there are none; then every change. Notified on the core scheduler.</summary>
    public IObservable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>> Connect() => _balances.Connect();

    /// <summary>Each change, after it was made.</summary>
    internal IObservable<BalanceChange> Changes => _changes.AsObservable();

    /// <summary>Adds an availability, or changes the one of that name. Running sales keep what they hold.</summary>
    /// <returns>
    /// <see cref="LedgerRefused"/> when space or collateral would be below what running sales hold; otherwise <see cref="LedgerChanged"/>.
    /// </returns>
    public Task<LedgerAnswer> SaveAsync(Availability availability)
    {
        ArgumentNullException.ThrowIfNull(availability);
        return OnCore(() => Save(availability));
    }

    /// <summary>Removes an availability.</summary>
    /// <returns>
    /// <see cref="LedgerRefused"/> when there is none of that name, or sales still hold some of it (disable it, and remove it when they
    /// have ended); otherwise <see cref="LedgerChanged"/>.
    /// </returns>
    public Task<LedgerAnswer> RemoveAsync(AvailabilityId id) => OnCore(() => Remove(id));

    /// <inheritdoc/>
    public void Dispose()
    {
        _balances.Dispose();
        _changes.Dispose();
    }

    internal LedgerAnswer Save(Availability availability)
    {
        if (!_accounts.TryGetValue(availability.Id, out var account))
        {
            _accounts.Add(availability.Id, account = new Account());
        }
        else if (account.BytesInUse > availability.TotalBytes)
        {
            return new LedgerRefused(
                $"Availability '{availability.Id}' can't shrink to {availability.TotalBytes} bytes: its sales hold {account.BytesInUse}.");
        }
        else if (account.Collateral > availability.TotalCollateral)
        {
            return new LedgerRefused($"Availability '{availability.Id}' can't go down to a collateral of "
                + $"{availability.TotalCollateral}: its sales hold {account.Collateral}.");
        }

        Rebalance(account, availability, LedgerCause.Saved);
        return new LedgerChanged();
    }

    internal LedgerAnswer Remove(AvailabilityId id)
    {
        if (!_accounts.TryGetValue(id, out var account))
        {
            return new LedgerRefused($"There is no availability '{id}'.");
        }

        if (account.Sales > 0)
        {
            return new LedgerRefused($"Availability '{id}' can't be removed: {account.Sales} sales use it.");
        }

        _accounts.Remove(id);
        _balances.Remove(id, LedgerCause.Removed);
        _changes.OnNext(new BalanceChange(account.Balance, null));
        return new LedgerChanged();
    }

    /// <summary>Holds space and collateral in the availability that fits best, or says why none takes the slot.</summary>
    internal Hold? Reserve(SlotTerms terms, ulong slotIndex, out RefusalReason? refusal)
    {
        var fitting = BestFit(terms, out refusal);
        return fitting is null ? null : Take(fitting, terms, slotIndex);
    }

    /// <summary>
    /// Holds what a slot needs that the chain already counts as this host's, and whose data is stored, wherever there is room for it.
    /// </summary>
    internal Hold? Rejoin(SlotTerms terms, ulong slotIndex)
    {
        var home = _accounts.Values
            .Where(account => account.Balance is { } balance
                && balance.FreeBytes >= terms.Ask.SlotSizeBytes && balance.FreeCollateral >= terms.Collateral)
            .MinBy(account => account.Balance!.FreeBytes);
        return home is null ? null : MoveToUsed(Take(home, terms, slotIndex), terms.Ask.SlotSizeBytes);
    }

    /// <summary>Notes how much of a hold is written by now, in bytes; never more than it holds, never less than before.</summary>
    internal Hold MoveToUsed(Hold hold, ulong usedBytes)
    {
        var account = AccountOf(hold);
        var current = account.Remove(hold);
        var written = current with { UsedBytes = Math.Clamp(usedBytes, current.UsedBytes, current.Bytes) };
        account.Add(written);
        Rebalance(account, account.Balance!.Availability, LedgerCause.Written);
        return written;
    }

    /// <summary>Gives everything back that a sale holds. Each hold is released once.</summary>
    internal void Release(Hold hold)
    {
        var account = AccountOf(hold);
        account.Remove(hold);
        Rebalance(account, account.Balance!.Availability, LedgerCause.Released);
    }

    /// <summary>Whether some availability takes a slot on these terms; if not, the reason of the one that comes closest.</summary>
    internal bool Takes(SlotTerms terms, out RefusalReason? refusal) => BestFit(terms, out refusal) is not null;

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

    private Hold Take(Account account, SlotTerms terms, ulong slotIndex)
    {
        var availability = account.Balance!.Availability;
        var hold = new Hold(
            ++_lastHold, availability.Id, new SlotKey(terms.RequestId, slotIndex), terms.Ask.SlotSizeBytes, 0, terms.Collateral);
        account.Add(hold);
        Rebalance(account, availability, LedgerCause.Held);
        return hold;
    }

    private Account AccountOf(Hold hold) => _accounts[hold.AvailabilityId];

    private void Rebalance(Account account, Availability availability, LedgerCause cause)
    {
        var before = account.Balance;
        account.Balance = account.BalanceOf(availability);
        _balances.AddOrUpdate(account.Balance, cause);
        _changes.OnNext(new BalanceChange(before, account.Balance));
    }

    private Task<LedgerAnswer> OnCore(Func<LedgerAnswer> edit)
    {
        var answer = new TaskCompletionSource<LedgerAnswer>();
        _core.Schedule(() =>
        {
            if (_changes.IsDisposed)
            {
                answer.SetException(new ObjectDisposedException(nameof(AvailabilityLedger)));
            }
            else
            {
                answer.SetResult(edit());
            }
        });
        return answer.Task;
    }

    // Its sums change only together with its holds.
    private sealed class Account
    {
        private readonly Dictionary<long, Hold> _holds = [];
        private ulong _usedBytes;

        public AvailabilityBalance? Balance { get; set; }

        public int Sales => _holds.Count;

        public ulong BytesInUse { get; private set; }

        public UInt256 Collateral { get; private set; }

        public void Add(Hold hold)
        {
            _holds.Add(hold.Number, hold);
            BytesInUse += hold.Bytes;
            _usedBytes += hold.UsedBytes;
            Collateral += hold.Collateral;
        }

        /// <summary>Takes a hold out, as it stands now.</summary>
        public Hold Remove(Hold hold)
        {
            if (!_holds.Remove(hold.Number, out var current))
            {
                throw new InvalidOperationException($"Hold {hold.Number} for slot {hold.Slot} was released before.");
            }

            BytesInUse -= current.Bytes;
            _usedBytes -= current.UsedBytes;
            Collateral -= current.Collateral;
            return current;
        }

        public AvailabilityBalance BalanceOf(Availability availability) =>
            new(availability, BytesInUse - _usedBytes, _usedBytes, Collateral, Sales);
    }
}
