using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <summary>One step from a list to the next one: an item added, updated, moved or removed, and why.</summary>
/// <remarks>
/// <para>
/// A position is that in a list to which the changes of a set are applied one after the other: remove at
/// <see cref="PositionBefore"/>, then insert <see cref="After"/> at <see cref="PositionAfter"/>.
/// </para>
/// <list type="table">
/// <listheader><term>Kind</term><description>Before, position before → after, position after</description></listheader>
/// <item><term>Added</term><description>null, −1 → item, position</description></item>
/// <item><term>Updated</term><description>item, position → item, the same position</description></item>
/// <item><term>Moved</term><description>item, position → item, another position</description></item>
/// <item><term>Removed</term><description>item, position → null, −1</description></item>
/// </list>
/// <para>Immutable. Only a cache makes changes; <c>default</c> is none and has no key.</para>
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Change<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly CacheSchema<TItem, TKey> _schema;

    internal Change(
        CacheSchema<TItem, TKey> schema,
        TItem? before,
        int positionBefore,
        TItem? after,
        int positionAfter,
        TCause cause)
    {
        _schema = schema;
        (Before, PositionBefore) = (before, positionBefore);
        (After, PositionAfter) = (after, positionAfter);
        Cause = cause;
    }

    /// <summary>The item that was there, or null.</summary>
    public TItem? Before { get; }

    /// <summary>The item that is there now, or null.</summary>
    public TItem? After { get; }

    /// <summary>The position of <see cref="Before"/>, or −1.</summary>
    public int PositionBefore { get; }

    /// <summary>The position of <see cref="After"/>, or −1.</summary>
    public int PositionAfter { get; }

    /// <summary>Why it changed, as the one who changed it said.</summary>
    public TCause Cause { get; }

    /// <summary>The kind of the change.</summary>
    public ChangeKind Kind =>
        Before is null ? ChangeKind.Added
        : After is null ? ChangeKind.Removed
        : PositionBefore == PositionAfter ? ChangeKind.Updated
        : ChangeKind.Moved;

    /// <summary>The item: the one after the change, or if there is none, the one before it.</summary>
    public TItem Item => After ?? Before!; // A change always has one of the two.

    /// <summary>The key of the item, before and after.</summary>
    public TKey Key => _schema.KeyOf(Item);

    internal static Change<TItem, TKey, TCause> Added(
        CacheSchema<TItem, TKey> schema, TItem item, int position, TCause cause) =>
        new(schema, null, -1, item, position, cause);

    internal static Change<TItem, TKey, TCause> Removed(
        CacheSchema<TItem, TKey> schema, TItem item, int position, TCause cause) =>
        new(schema, item, position, null, -1, cause);

    /// <summary>The change for a view into which the item comes by it.</summary>
    internal Change<TItem, TKey, TCause> Adding(TItem item, int position) => Added(_schema, item, position, Cause);

    /// <summary>The change for a view that the item leaves by it.</summary>
    internal Change<TItem, TKey, TCause> Removing(TItem item, int position) => Removed(_schema, item, position, Cause);

    /// <summary>The change for a view in which one item takes the place of another.</summary>
    internal Change<TItem, TKey, TCause> Replacing(TItem before, int positionBefore, TItem after, int positionAfter) =>
        new(_schema, before, positionBefore, after, positionAfter, Cause);

    internal CacheSchema<TItem, TKey> Schema => _schema;

    /// <summary>"Moved 3 -> 0 (AvailabilityChanged): …", for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind} {PositionBefore} -> {PositionAfter} ({Cause}): {After ?? Before}");
}
