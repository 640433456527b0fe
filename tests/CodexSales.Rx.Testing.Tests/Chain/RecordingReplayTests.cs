namespace CodexSales.Rx.Testing.Tests.Chain;

/// <summary>The simulated contract agrees with what the unmodified one did.</summary>
public sealed class RecordingReplayTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");

    private readonly IReadOnlyList<MarketEvent> _record = RecordedLogs.Read();
    private readonly VirtualTime _time;
    private readonly SimulatedChain _chain;

    public RecordingReplayTests()
    {
        _time = new VirtualTime(At(_record[0]));
        _chain = new SimulatedChain(_time, new SimulatedChainOptions { FirstBlock = _record[0].Block.Number });
    }

    [Fact]
    public void The_whole_record_happens_and_is_published_as_it_was()
    {
        using var published = _time.Record(_chain.Events);

        foreach (var recorded in _record)
        {
            _time.AdvanceTo(At(recorded));
            Assert.True(_chain.Replay(recorded), $"{recorded}");
        }

        Assert.Equal(_record, published.Values.Select(value => value.Value).WithoutBlocks());
        Assert.Equal(122, _record.Count);
    }

    [Fact]
    public void Whatever_we_fill_first_the_record_goes_on_around_it()
    {
        using var published = _time.Record(_chain.Events);
        var market = _chain.ConnectHost(Host);
        var ours = 0;

        foreach (var recorded in _record)
        {
            _time.AdvanceTo(At(recorded));
            _chain.Replay(recorded);
            if (recorded is StorageRequested { Ask.Slots: > 1 } requested
                && requested.Ask.TryGetSlotCollateral(out var collateral))
            {
                var slot = new SlotKey(requested.RequestId, 0);
                _time.Run(() => market.ReserveSlotAsync(slot, default));
                ours += _time.Run(() => market.FillSlotAsync(slot, SimulatedProver.AnyProof, collateral, default))
                    is TransactionLanded ? 1 : 0;
            }
        }

        Assert.InRange(ours, 10, 49);
        var events = published.Values.Select(value => value.Value).ToList();
        Assert.Distinct(events.OfType<RequestFulfilled>().Select(happened => happened.RequestId));
        var blocks = events.Select(happened => happened.Block.Number).ToList();
        Assert.Equal(blocks.Order(), blocks);
    }

    public void Dispose() => _chain.Dispose();

    private static DateTimeOffset At(MarketEvent recorded) =>
        DateTimeOffset.FromUnixTimeSeconds((long)recorded.Block.Time.Value);
}
