using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Availabilities;

/// <summary>The holds on one availability. Its sums change only together with its holds.</summary>
internal sealed class Account(SoldTotals past)
{
    private readonly Dictionary<long, Hold> _holds = [];
    private ulong _usedBytes;
    private UInt256 _expectedReward;

    public AvailabilityBalance? Balance { get; set; }

    public bool IsDraining { get; set; }

    public SoldTotals Past { get; set; } = past;

    public IReadOnlyCollection<Hold> Holds => _holds.Values;

    public int Sales => _holds.Count;

    public ulong BytesInUse { get; private set; }

    public UInt256 Collateral { get; private set; }

    /// <summary>When the last of its sales ends; 0 when there is none. O(sales).</summary>
    public UnixSeconds LatestEnd => _holds.Values.Select(hold => hold.EndsAt).DefaultIfEmpty().Max();

    public void Add(Hold hold)
    {
        _holds.Add(hold.Number, hold);
        BytesInUse += hold.Bytes;
        _usedBytes += hold.UsedBytes;
        Collateral += hold.Collateral;
        _expectedReward += hold.ExpectedReward;
    }

    public Hold Remove(Hold hold)
    {
        if (!_holds.Remove(hold.Number, out var current))
        {
            throw new InvalidOperationException($"Hold {hold.Number} for slot {hold.Slot.ToShortString()} was released before.");
        }

        BytesInUse -= current.Bytes;
        _usedBytes -= current.UsedBytes;
        Collateral -= current.Collateral;
        _expectedReward -= current.ExpectedReward;
        return current;
    }

    public AvailabilityBalance BalanceOf(Availability availability) =>
        new(availability, BytesInUse - _usedBytes, _usedBytes, Collateral, Sales)
        {
            ExpectedReward = _expectedReward,
            Past = Past,
            IsDraining = IsDraining,
        };
}
