using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Hosting;

/// <summary>Watches how much of the disk is free, so that what is begun can be written down and kept.</summary>
/// <param name="freeBytes">Looks how much is free.</param>
/// <param name="floor">With less than so many bytes free, nothing new is begun.</param>
/// <param name="core">Gives the time.</param>
internal sealed class DiskWatch(Func<long> freeBytes, ulong floor, IScheduler core)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The sentence why nothing new may begin, whenever that begins, and null when it is over.</summary>
    public IObservable<string?> Reasons => Observable.Interval(Interval, core)
        .StartWith(0)
        .Select(_ => IsShort())
        .StartWith(false)
        .DistinctUntilChanged()
        .Skip(1)
        .Select(isShort => isShort
            ? $"less than the {ByteText.Of(floor)} of KeepFreeBytes are free on the disk of Sqlite:Path; hosted slots go on"
            : null);

    /// <summary>The sentence that more is for sale than the disk has room for: at first, and whenever the sum for sale changes.</summary>
    public IObservable<string> ShortagesOf(AvailabilityLedger ledger) => ledger.Connect()
        .Select(_ => ledger.Snapshot)
        .DistinctUntilChanged(balances => Sum(balances, balance => balance.Availability.TotalBytes))
        .Select(balances => FindShortage(Sum(balances, balance => balance.FreeBytes)))
        .Where(shortage => shortage is not null)
        .Select(shortage => shortage!);

    private static UInt128 Sum(IReadOnlyList<AvailabilityBalance> balances, Func<AvailabilityBalance, ulong> bytesOf) =>
        balances.Aggregate(UInt128.Zero, (sum, balance) => sum + bytesOf(balance));

    private string? FindShortage(UInt128 toCome) => Look() is { } free && toCome + floor > (UInt128)free
        ? $"{ByteText.Of((ulong)UInt128.Min(toCome, ulong.MaxValue))} more are for sale than are stored, but only "
            + $"{ByteText.Of((ulong)free)} of the disk of Sqlite:Path are free, of which {ByteText.Of(floor)} stay so."
        : null;

    private bool IsShort() => Look() is { } free && (ulong)free < floor;

    // A disk that does not say is not one that is full.
    private long? Look()
    {
        try
        {
            return freeBytes();
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
