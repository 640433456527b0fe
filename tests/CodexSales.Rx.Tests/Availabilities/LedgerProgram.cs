namespace CodexSales.Rx.Tests.Availabilities;

/// <summary>
/// A random program of edits and holds, made on the ledger and on plain lists, which are compared after each step.
/// </summary>
internal sealed class LedgerProgram : IDisposable
{
    private static readonly UnixSeconds Now = new(2);

    private readonly Random _random;
    private readonly AvailabilityLedger _ledger = new(new VirtualTime(), error => throw error, chainTime: () => Now);
    private readonly List<Availability> _offers = [];
    private readonly List<Hold> _holds = [];
    private readonly List<BalanceChange> _changes = [];
    private readonly string _name;

    public LedgerProgram(int seed)
    {
        _random = new Random(seed);
        _name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}");
        _ledger.Changes.Subscribe(_changes.Add);
    }

    public void Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            _changes.Clear();
            var before = _ledger.Snapshot;
            var hasChanged = _random.Next(6) switch
            {
                0 => Save(),
                1 => Remove(),
                2 or 3 => Reserve(),
                4 => _random.Next(3) > 0 ? Use() : ReserveRecovered(),
                _ => Release(),
            };

            Compare();
            Assert.True(hasChanged || (_changes.Count == 0 && before.SequenceEqual(_ledger.Snapshot)), _name);
        }
    }

    public void Dispose() => _ledger.Dispose();

    private bool Save()
    {
        var offer = SmallTerms.RandomAvailability(_random, scale: 3);
        var place = _offers.FindIndex(each => each.Id == offer.Id);
        var isPossible = offer is { TotalBytes: > 0, MaxDurationSeconds: > 0 } && offer.TotalCollateral > UInt256.Zero
            && BytesOf(offer.Id) <= offer.TotalBytes
            && CollateralOf(offer.Id) <= offer.TotalCollateral
            && HoldsOf(offer.Id).All(hold => offer.Until is null || hold.EndsAt <= offer.Until)
            && (offer.Until is null || offer.Until >= Now || (place >= 0 && offer.Until == _offers[place].Until));
        Assert.True(isPossible == _ledger.Save(offer) is LedgerChanged, _name);
        if (isPossible && place >= 0)
        {
            _offers[place] = offer;
        }
        else if (isPossible)
        {
            _offers.Add(offer);
        }

        return isPossible;
    }

    private bool Remove()
    {
        var id = SmallTerms.RandomAvailability(_random).Id;
        var isPossible = _offers.Exists(offer => offer.Id == id) && !_holds.Exists(hold => hold.AvailabilityId == id);
        Assert.True(isPossible == _ledger.Remove(id) is LedgerChanged, _name);
        return isPossible && _offers.RemoveAll(offer => offer.Id == id) == 1;
    }

    private bool Reserve()
    {
        var terms = SmallTerms.RandomTerms(_random);
        var fitting = _offers.Where(offer => SmallTerms.Takes(BalanceOf(offer), terms)).ToList();
        Assert.True(fitting.Count > 0 == _ledger.Takes(terms, out _), _name);

        var hold = _ledger.Reserve(terms, 7, out var refusal);

        Assert.True((hold is null) == refusal is not null, _name);
        Assert.True((hold is null) == (fitting.Count == 0), _name);
        return hold is not null && Keep(hold, fitting, terms, used: 0);
    }

    private bool ReserveRecovered()
    {
        var terms = SmallTerms.RandomTerms(_random);
        var fitting = _offers.Where(offer => BalanceOf(offer) is var balance
            && balance.FreeBytes >= terms.Ask.SlotSizeBytes && balance.FreeCollateral >= terms.Collateral).ToList();

        var hold = _ledger.ReserveRecovered(terms, 7);

        Assert.True((hold is null) == (fitting.Count == 0), _name);
        return hold is not null && Keep(hold, fitting, terms, used: terms.Ask.SlotSizeBytes);
    }

    private bool Keep(Hold hold, List<Availability> fitting, SlotTerms terms, ulong used)
    {
        var home = fitting.Find(offer => offer.Id == hold.AvailabilityId);
        Assert.True(home is not null, _name);
        Assert.Equal(fitting.Min(offer => BalanceOf(offer).FreeBytes), BalanceOf(home!).FreeBytes);
        Assert.Equal((terms.Ask.SlotSizeBytes, used, terms.Collateral), (hold.Bytes, hold.UsedBytes, hold.Collateral));
        Assert.DoesNotContain(_holds, each => each.Number == hold.Number);
        _holds.Add(hold);
        return true;
    }

    private bool Use()
    {
        if (_holds.Count == 0)
        {
            return false;
        }

        var place = _random.Next(_holds.Count);
        var hold = _holds[place];
        var written = (ulong)_random.Next(7);
        var used = Math.Max(hold.UsedBytes, Math.Min(hold.Bytes, written));
        Assert.Equal(hold with { UsedBytes = used }, _ledger.RecordWritten(hold, written));
        _holds[place] = hold with { UsedBytes = used };
        return true;
    }

    private bool Release()
    {
        if (_holds.Count == 0)
        {
            return false;
        }

        var place = _random.Next(_holds.Count);
        _ledger.Release(_holds[place]);
        _holds.RemoveAt(place);
        return true;
    }

    private void Compare()
    {
        Assert.Equal(
            _offers.Select(BalanceOf).OrderBy(each => each.Availability.Id.ToString(), StringComparer.Ordinal),
            _ledger.Snapshot);
        foreach (var balance in _ledger.Snapshot)
        {
            var sum = balance.FreeBytes + balance.HeldBytes + balance.UsedBytes;
            Assert.True(sum == balance.Availability.TotalBytes, _name);
            Assert.True(balance.FreeCollateral <= balance.Availability.TotalCollateral, _name);
        }
    }

    private AvailabilityBalance BalanceOf(Availability offer)
    {
        var (bytes, used) = (BytesOf(offer.Id), Sum(HoldsOf(offer.Id).Select(hold => hold.UsedBytes)));
        return new AvailabilityBalance(offer, bytes - used, used, CollateralOf(offer.Id), HoldsOf(offer.Id).Count());
    }

    private IEnumerable<Hold> HoldsOf(AvailabilityId id) => _holds.Where(hold => hold.AvailabilityId == id);

    private ulong BytesOf(AvailabilityId id) => Sum(HoldsOf(id).Select(hold => hold.Bytes));

    private UInt256 CollateralOf(AvailabilityId id) =>
        HoldsOf(id).Aggregate(UInt256.Zero, (sum, hold) => sum + hold.Collateral);

    private static ulong Sum(IEnumerable<ulong> numbers) => numbers.Aggregate(0UL, (sum, number) => sum + number);
}
