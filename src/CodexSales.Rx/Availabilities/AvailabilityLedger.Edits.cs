using System.Reactive;

namespace CodexSales.Rx.Availabilities;

// What a host may decide, from any thread.
public sealed partial class AvailabilityLedger
{
    /// <summary>Adds an availability, or changes the one of that name. Running sales keep their holds.</summary>
    /// <param name="availability">The availability from now on.</param>
    /// <param name="cancellationToken">Ends the wait; the decision stands.</param>
    /// <returns>
    /// <see cref="LedgerRefused"/> when it has no name; when space, duration or collateral is 0; when space or collateral
    /// would be below that of running sales; or when its time would be over before they end, or before now. Otherwise
    /// <see cref="LedgerChanged"/>, once it is stored. Collateral may go below the sum of held and lost: then there is none
    /// for new sales.
    /// </returns>
    public Task<LedgerAnswer> SaveAsync(Availability availability, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(availability);
        return OnCore(() => Save(availability), cancellationToken);
    }

    /// <summary>Adds an availability, where there is none of that name. See <see cref="SaveAsync"/> for what is refused besides.</summary>
    /// <param name="availability">The availability.</param>
    /// <param name="cancellationToken">Ends the wait; the decision stands.</param>
    public Task<LedgerAnswer> AddAsync(Availability availability, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(availability);
        return OnCore(
            () => _accounts.ContainsKey(availability.Id)
                ? new LedgerRefused(LedgerRefusal.NameTaken, $"There is an availability '{availability.Id}' already.")
                : Save(availability),
            cancellationToken);
    }

    /// <summary>
    /// Changes an availability as it is then: what others change meanwhile stays. See <see cref="SaveAsync"/> for what is refused.
    /// </summary>
    /// <param name="id">Its name.</param>
    /// <param name="change">Makes the changed one, under the same name. Called on the core scheduler, and so must not wait.</param>
    /// <param name="cancellationToken">Ends the wait; the decision stands.</param>
    /// <returns>Also <see cref="LedgerRefused"/> when there is none of that name, or it is being drained.</returns>
    /// <exception cref="ArgumentException">The changed one has another name; the task fails with it.</exception>
    public Task<LedgerAnswer> ChangeAsync(
        AvailabilityId id, Func<Availability, Availability> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _core.Command<LedgerAnswer>(answer =>
        {
            if (!_accounts.TryGetValue(id, out var account))
            {
                answer.TrySetResult(Unknown(id));
                return;
            }

            if (account.IsDraining)
            {
                answer.TrySetResult(new LedgerRefused(
                    LedgerRefusal.Draining, $"Availability '{id}' is being drained: it is removed when its last sale has ended."));
                return;
            }

            Availability changed;
            try
            {
                changed = Changed(account.Balance!.Availability, change);
            }
            catch (Exception failed)
            {
                answer.TrySetException(failed); // The caller's, and no fault of the books.
                return;
            }

            Tell(answer, Save(changed));
        }, cancellationToken);
    }

    /// <summary>
    /// What running sales hold, in the order in which they took it: of which availability, and for which slot. O(sales), on the core
    /// scheduler.
    /// </summary>
    public Task<IReadOnlyList<Hold>> ReadHoldsAsync(CancellationToken cancellationToken = default) => _core.Command<IReadOnlyList<Hold>>(
        answer => answer.TrySetResult([.. _accounts.Values.SelectMany(account => account.Holds).OrderBy(hold => hold.Number)]),
        cancellationToken);

    /// <summary>Removes an availability.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; the decision stands.</param>
    /// <returns>
    /// <see cref="LedgerRefused"/> when there is none of that name, or sales still hold some of it (drain it instead);
    /// otherwise <see cref="LedgerChanged"/>, once that is stored.
    /// </returns>
    public Task<LedgerAnswer> RemoveAsync(AvailabilityId id, CancellationToken cancellationToken = default) =>
        OnCore(() => Remove(id), cancellationToken);

    /// <summary>
    /// Sells nothing more of an availability, and removes it as soon as its last sale has ended: at once when there is
    /// none. To save it again calls that off.
    /// </summary>
    /// <param name="id">Its name.</param>
    /// <param name="cancellationToken">Ends the wait; the decision stands.</param>
    /// <returns>
    /// <see cref="LedgerRefused"/> when there is none of that name; otherwise <see cref="LedgerChanged"/>, once that is
    /// stored.
    /// </returns>
    public Task<LedgerAnswer> DrainAsync(AvailabilityId id, CancellationToken cancellationToken = default) =>
        OnCore(() => Drain(id), cancellationToken);

    private Task<LedgerAnswer> OnCore(Func<LedgerAnswer> edit, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<LedgerAnswer>(cancellationToken)
            : _core.Command<LedgerAnswer>(answer => Tell(answer, edit()), cancellationToken);

    private void Tell(TaskCompletionSource<LedgerAnswer> answer, LedgerAnswer decided)
    {
        var durable = decided is LedgerChanged ? _saved : Observable.Return(Unit.Default);
        durable.Subscribe(_ => answer.TrySetResult(decided), failure => answer.TrySetException(failure));
    }
}
