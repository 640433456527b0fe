using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Testing.Ports;

/// <summary>Draws changes for a store, with many extreme numbers, where it may lose a bit. Has a seed.</summary>
/// <param name="seed">What is drawn.</param>
public sealed class SomeChanges(int seed)
{
    private static readonly string[] _names =
        ["disk 1", "Disk 1", "ünïcödé ✓ 𝔘", "'; DROP TABLE sale; --", "a\0b", new string('x', 100), " 1"];

    private readonly Random _random = new(seed);

    /// <summary>A batch of changes about few availabilities and the sales up to a number.</summary>
    /// <param name="size">How many changes.</param>
    /// <param name="highestNumber">The highest number of a sale; at least 1.</param>
    public IReadOnlyList<StoreChange> Batch(int size, long highestNumber) =>
        [.. Enumerable.Range(0, size).Select(_ => Change(_random.NextInt64(1, highestNumber + 1)))];

    /// <summary>A change of any kind, of a sale of this number where it is about one.</summary>
    public StoreChange Change(long number) => _random.Next(6) switch
    {
        0 => new AvailabilitySaved(Availability()),
        1 when _random.Next(3) == 0 => new AvailabilityRemoved(Name()),
        <= 3 => new SaleSaved(Sale(number)),
        _ => Closing(number),
    };

    /// <summary>An availability of one of few names.</summary>
    public StoredAvailability Availability() => Availability(Name());

    /// <summary>An availability of this name.</summary>
    public StoredAvailability Availability(AvailabilityId id) => new(
        new Availability
        {
            Id = id,
            TotalBytes = UInt64(),
            MaxDurationSeconds = UInt64(),
            MinPricePerBytePerSecond = Amount(),
            TotalCollateral = Amount(),
            IsDisabled = Boolean(),
            Until = MomentOrNull(),
        },
        IsDraining: Boolean());

    /// <summary>A sale that runs, or one that has ended and is not cleaned up.</summary>
    public SaleRecord Sale(long number) => OpenSale(number) with { End = Boolean() ? null : End() };

    private SaleRecord OpenSale(long number) => new()
    {
        Number = number,
        Terms = Terms(),
        SlotIndex = UInt64(),
        State = Case<SaleStateName>(),
        StartedAt = Moment(),
        At = Moment(),
        HeldIn = NameOrNull(),
        FilledAt = MomentOrNull(),
        MissedProofs = Boolean() ? _random.Next() : int.MaxValue,
    };

    /// <summary>A sale that is over.</summary>
    public PastSale PastSale(long number) => new(OpenSale(number), End());

    /// <summary>A sale of this number is over.</summary>
    public SaleClosed Closing(long number) => new(PastSale(number), Totals());

    /// <summary>Totals of some availability, or of sales without one.</summary>
    public SoldTotals Totals() =>
        new(NameOrNull(), Boolean() ? long.MaxValue : _random.NextInt64(), Amount(), Amount(), Amount());

    private SlotTerms Terms() => new()
    {
        RequestId = new RequestId(new Bytes32(Bytes())),
        Ask = new StorageAsk
        {
            ProofProbability = Amount(),
            PricePerBytePerSecond = Amount(),
            CollateralPerByte = Amount(),
            Slots = UInt64(),
            SlotSizeBytes = UInt64(),
            DurationSeconds = UInt64(),
            MaxSlotLoss = UInt64(),
        },
        Reward = Amount(),
        Collateral = Amount(),
        ExpiresAt = Moment(),
        EndsAt = Moment(),
        IsRepair = Boolean(),
        FreedAt = MomentOrNull(),
    };

    private SaleEnd End() => new(Case<SaleReason>(), $"“{_random.Next()}” was 'why'.", Amount(), Amount());

    private AvailabilityId Name() => new(_names[_random.Next(_names.Length)]);

    private AvailabilityId? NameOrNull() => _random.Next(4) == 0 ? null : Name();

    private bool Boolean() => _random.Next(2) == 0;

    private T Case<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

    private UnixSeconds Moment() => new(UInt64());

    private UnixSeconds? MomentOrNull() => Boolean() ? null : Moment();

    private ulong UInt64() => _random.Next(8) switch
    {
        0 => 0,
        1 => 1,
        2 => long.MaxValue,
        3 => 1UL << 63,
        4 => ulong.MaxValue,
        5 => (ulong)_random.NextInt64() << 1,
        _ => (ulong)_random.NextInt64() >> _random.Next(63),
    };

    private UInt256 Amount() => _random.Next(5) switch
    {
        0 => UInt256.Zero,
        1 => UInt256.MaxValue,
        2 => UInt64(),
        _ => UInt256.FromBigEndian(Bytes()),
    };

    private byte[] Bytes()
    {
        var bytes = new byte[32];
        _random.NextBytes(bytes);
        return bytes;
    }
}
