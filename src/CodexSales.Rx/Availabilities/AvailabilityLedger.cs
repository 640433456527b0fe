using System.Reactive;
using System.Reactive.Subjects;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Threading;

namespace CodexSales.Rx.Availabilities;

/// <summary>
/// The books of the space for sale: availabilities, the holds of running sales on them, and the results of past ones.
/// Held, used and free amounts are derived from the holds, so they cannot drift from them.
/// </summary>
/// <remarks>
/// <para>
/// Threading: edits may come from any thread; they are made on the core scheduler, one after another with everything
/// else that the pipeline decides, and answered once the store has them. Code that awaits an answer goes on elsewhere,
/// never on the core. After the pipeline's end an edit's task fails with an <see cref="ObjectDisposedException"/>, also
/// if its decision was being saved: then the next pipeline finds in the store whether it was.
/// </para>
/// <para>
/// Cancelling an edit's token ends the wait for the answer, and no more: the decision stands, and is saved. An edit whose
/// token is cancelled before the call is not made.
/// </para>
/// </remarks>
#pragma warning disable CA1001 // The pipeline ends it; nobody else may.
public sealed partial class AvailabilityLedger
#pragma warning restore CA1001
{
    private readonly Core _core;
    private readonly Func<StoreChange, IObservable<Unit>> _remember;
    private readonly Func<UnixSeconds> _chainTime;
    private readonly OrderedDictionary<AvailabilityId, Account> _accounts = [];
    private readonly SortedObservableCache<AvailabilityBalance, AvailabilityId, LedgerCause> _balances;
    private readonly Subject<BalanceChange> _changes = new();
    private readonly Dictionary<AvailabilityId, SoldTotals> _gone = [];
    private volatile SoldTotals[] _pastOfGone = [];
    private IObservable<Unit> _saved = Observable.Return(Unit.Default);
    private long _lastHold;

    internal AvailabilityLedger(
        IScheduler core,
        Action<Exception> subscriberFailed,
        Func<StoreChange, IObservable<Unit>>? remember = null,
        Func<UnixSeconds>? chainTime = null)
    {
        _core = Core.On(core);
        _remember = remember ?? (_ => Observable.Return(Unit.Default));
        _chainTime = chainTime ?? (() => default);
        _balances = new SortedObservableCache<AvailabilityBalance, AvailabilityId, LedgerCause>(
            balance => balance.Availability.Id,
            Comparer<AvailabilityBalance>.Create((left, right) =>
                string.CompareOrdinal(left.Availability.Id.ToString(), right.Availability.Id.ToString())),
            subscriberFailed);
    }

    /// <summary>All availabilities as they are now, by name: immutable and never torn.</summary>
    public IReadOnlyList<AvailabilityBalance> Snapshot => _balances.Snapshot.Items;

    /// <summary>The totals of all availabilities, also of those that are gone. O(availabilities there ever were).</summary>
    public SalesTotals Totals
    {
        get
        {
            var current = _balances.Snapshot.Items;
            var past = current.Select(balance => balance.Past).Concat(_pastOfGone).ToList();
            return new SalesTotals(
                current.Sum(balance => balance.Sales),
                current.Aggregate((UInt128)0, (sum, balance) => sum + balance.HeldBytes),
                current.Aggregate((UInt128)0, (sum, balance) => sum + balance.UsedBytes),
                Sum(current, balance => balance.HeldCollateral),
                Sum(current, balance => balance.ExpectedReward),
                past.Sum(totals => totals.Paid),
                Sum(past, totals => totals.Earned),
                Sum(past, totals => totals.Slashed),
                Sum(past, totals => totals.Lost));
        }
    }

    /// <summary>Each change, after it was made.</summary>
    internal IObservable<BalanceChange> Changes => _changes.AsObservable();

    /// <summary>All availabilities by name, also when there are none; then every change. On the core scheduler.</summary>
    public IObservable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>> Connect() => _balances.Connect();

    /// <summary>The same for a reader that asks, such as a web client's stream; see
    /// <see cref="ChangeSetExtensions.ToAsyncEnumerable"/>.</summary>
    /// <param name="cancellationToken">Ends it: the reader gets an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>> ConnectAsync(
        CancellationToken cancellationToken = default) => _balances.ConnectAsync(cancellationToken);

    internal void Dispose()
    {
        _balances.Dispose();
        _changes.Dispose();
    }

    /// <summary>Takes over the books of a store, before anything else happens. The holds are told by the numbers of their
    /// sales.</summary>
    internal Dictionary<long, Hold> Restore(StoredSales stored)
    {
        var past = stored.Totals.ToDictionary(totals => totals.AvailabilityId.GetValueOrDefault());
        foreach (var (availability, isDraining) in stored.Availabilities)
        {
            past.Remove(availability.Id, out var totals);
            _accounts.Add(availability.Id, new Account(totals ?? SoldTotals.None(availability.Id)) { IsDraining = isDraining });
            Rebalance(availability, LedgerCause.Saved);
        }

        foreach (var (id, totals) in past)
        {
            KeepPast(id, totals);
        }

        var holds = stored.Sales
            .Where(sale => sale.HeldIn is { } home && _accounts.ContainsKey(home))
            .ToDictionary(sale => sale.Number, Restore);
        if (_accounts.Values.Any(IsDrained))
        {
            _core.Schedule(ForgetDrained);
        }

        return holds;
    }

    // The process before ended between the end of the last sale and the removal.
    private void ForgetDrained()
    {
        foreach (var (id, account) in _accounts.Where(entry => IsDrained(entry.Value)).ToList())
        {
            Forget(id, account);
        }
    }

    private static bool IsDrained(Account account) => account is { IsDraining: true, Sales: 0 };

    internal LedgerAnswer Save(Availability availability)
    {
        var account = _accounts.GetValueOrDefault(availability.Id);
        if (WhyNot(availability, account) is { } refusal)
        {
            return refusal;
        }

        if (account is null)
        {
            _gone.Remove(availability.Id, out var past);
            _pastOfGone = [.. _gone.Values];
            _accounts.Add(availability.Id, new Account(past ?? SoldTotals.None(availability.Id)));
        }
        else
        {
            account.IsDraining = false;
        }

        return Change(availability);
    }

    internal LedgerAnswer Remove(AvailabilityId id) =>
        !_accounts.TryGetValue(id, out var account) ? Unknown(id)
        : account.Sales > 0 ? new LedgerRefused(
            LedgerRefusal.InUse, $"Availability '{id}' can't be removed: {account.Sales} sales use it.")
        : Forget(id, account);

    internal LedgerAnswer Drain(AvailabilityId id)
    {
        if (!_accounts.TryGetValue(id, out var account))
        {
            return Unknown(id);
        }

        account.IsDraining = true;
        return account.Sales == 0 ? Forget(id, account) : Change(account.Balance!.Availability with { IsDisabled = true });
    }

    private static Availability Changed(Availability before, Func<Availability, Availability> change)
    {
        var after = change(before);
        return after.Id == before.Id ? after : throw new ArgumentException(
            $"An availability keeps its name: '{before.Id}' would be '{after.Id}'.", nameof(change));
    }

    private static LedgerRefused Unknown(AvailabilityId id) =>
        new(LedgerRefusal.Unknown, $"There is no availability '{id}'.");

    // The default id is reserved for sales without an availability. An expired one may be edited unless its end changes.
    private LedgerRefused? WhyNot(Availability availability, Account? account)
    {
        var (id, now) = (availability.Id, _chainTime());
        return id == default ? new LedgerRefused(LedgerRefusal.NoName, "An availability needs a name.")
            : account?.BytesInUse > availability.TotalBytes ? new LedgerRefused(
                LedgerRefusal.BelowWhatIsHeld,
                $"Availability '{id}' can't shrink to {availability.TotalBytes} bytes: its sales hold {account.BytesInUse}.")
            : account?.Collateral > availability.TotalCollateral ? new LedgerRefused(
                LedgerRefusal.BelowWhatIsHeld,
                $"Availability '{id}' can't go down to a collateral of {availability.TotalCollateral}: its sales hold "
                    + $"{account.Collateral}.")
            : WhyNothingFits(availability) is { } nothing ? nothing
            : availability.Until is not { } until ? null
            : until < account?.LatestEnd ? new LedgerRefused(
                LedgerRefusal.EndsBeforeItsSales,
                $"Availability '{id}' can't end at {until}: the last of its sales ends at {account.LatestEnd}.")
            : until < now && until != account?.Balance!.Availability.Until ? new LedgerRefused(
                LedgerRefusal.EndsInThePast,
                $"Availability '{id}' would be over already: it ends at {until}, and it is {now} on the chain.")
            : null;
    }

    private static LedgerRefused? WhyNothingFits(Availability availability) =>
        availability.TotalBytes == 0 ? new LedgerRefused(
            LedgerRefusal.NoSpace, $"Availability '{availability.Id}' has no space: no slot fits into 0 bytes.")
        : availability.MaxDurationSeconds == 0 ? new LedgerRefused(
            LedgerRefusal.NoDuration, $"Availability '{availability.Id}' takes no request: its longest duration is 0 s.")
        : availability.TotalCollateral == UInt256.Zero ? new LedgerRefused(
            LedgerRefusal.NoCollateral, $"Availability '{availability.Id}' has a collateral of 0: every slot wants some.")
        : null;

    private LedgerChanged Change(Availability availability)
    {
        Rebalance(availability, LedgerCause.Saved);
        var isDraining = _accounts[availability.Id].IsDraining;
        Remember(new AvailabilitySaved(new StoredAvailability(availability, isDraining)));
        return new LedgerChanged();
    }

    private LedgerChanged Forget(AvailabilityId id, Account account)
    {
        _accounts.Remove(id);
        KeepPast(id, account.Past);
        _balances.Remove(id, LedgerCause.Removed);
        _changes.OnNext(new BalanceChange(account.Balance, null));
        Remember(new AvailabilityRemoved(id));
        return new LedgerChanged();
    }

    private IObservable<Unit> Remember(StoreChange change) => _saved = _remember(change);

    // Of availabilities that are gone, and of sales that found no room in any. An availability that sold nothing leaves no
    // totals.
    private void KeepPast(AvailabilityId id, SoldTotals totals)
    {
        if (totals != SoldTotals.None(totals.AvailabilityId))
        {
            _gone[id] = totals;
            _pastOfGone = [.. _gone.Values];
        }
    }

    private void Rebalance(Availability availability, LedgerCause cause)
    {
        var account = _accounts[availability.Id];
        var before = account.Balance;
        account.Balance = account.BalanceOf(availability);
        _balances.AddOrUpdate(account.Balance, cause);
        _changes.OnNext(new BalanceChange(before, account.Balance));
    }

    private static UInt256 Sum<T>(IEnumerable<T> items, Func<T, UInt256> amount) =>
        items.Aggregate(UInt256.Zero, (sum, item) => sum + amount(item));
}
