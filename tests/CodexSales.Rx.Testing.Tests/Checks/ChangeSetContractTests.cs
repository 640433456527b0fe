using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Testing.Tests.Checks;

public sealed class ChangeSetContractTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SalesPipeline _pipeline;

    public ChangeSetContractTests()
    {
        _chain = new SimulatedChain(_time);
        _pipeline = new SalesPipeline(
            _chain.ConnectHost(SomeRequests.Client), new SimulatedStorage(_time), new SimulatedProver(_time),
            new SalesPipelineOptions(), _time);
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _chain.Dispose();
    }

    [Fact]
    public void What_a_cache_tells_passes() => Assert.Null(ErrorOf(changes => changes));

    [Fact]
    public void A_stream_without_its_snapshot_is_found() =>
        AssertFound("the snapshot comes first, and once", changes => changes.Skip(1));

    [Fact]
    public void A_set_that_comes_twice_is_found() =>
        AssertFound("it comes after version 2", changes => changes.SelectMany(set =>
            Enumerable.Repeat(set, set.Version == 2 ? 2 : 1)));

    [Fact]
    public void A_set_that_got_lost_is_found() =>
        AssertFound("another item is at 0", changes => changes.Where(set => set.Version != 3));

    [Fact]
    public void Items_out_of_order_are_found() => AssertFound(
        "stands before",
        changes => changes,
        Comparer<AvailabilityBalance>.Create((left, right) =>
            string.CompareOrdinal(right.Availability.Id.ToString(), left.Availability.Id.ToString())));

    private void AssertFound(
        string problem,
        Func<IObservable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>>,
            IObservable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>>> spoil,
        IComparer<AvailabilityBalance>? order = null)
    {
        var violation = Assert.IsType<ContractViolationException>(ErrorOf(spoil, order));
        Assert.Contains(problem, violation.Message, StringComparison.Ordinal);
    }

    private Exception? ErrorOf(
        Func<IObservable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>>,
            IObservable<ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause>>> spoil,
        IComparer<AvailabilityBalance>? order = null)
    {
        Exception? error = null;
        using var subscription = spoil(_pipeline.Availabilities.Connect()).AssertChangeSets(order)
            .Subscribe(_ => { }, thrown => error = thrown);
        foreach (var (name, bytes) in new[] { ("v1", 1UL), ("v2", 2UL), ("v1", 3UL), ("v1", 4UL) })
        {
            _ = _pipeline.Availabilities.SaveAsync(Offer(name, bytes));
            _time.RunDue();
        }

        return error;
    }

    private static Availability Offer(string name, ulong bytes) => new()
    {
        Id = new AvailabilityId(name),
        TotalBytes = bytes,
        MaxDurationSeconds = 1,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 1,
    };
}
