using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Work;

namespace CodexSales.Rx.Testing.Participants;

/// <summary>Another host: takes some of the slots that are asked for or lost, proves them and is paid.</summary>
/// <remarks>It starts with the chain's past, and stops when it is disposed; its slots are then lost in time.</remarks>
public sealed class CompetingHost : IDisposable
{
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _market;
    private readonly IScheduler _scheduler;
    private readonly CompetingHostOptions _options;
    private readonly Random _random;
    private readonly List<SlotKey> _hosted = [];
    private readonly IDisposable _work;
    private int _selling;

    /// <summary>Starts another host.</summary>
    /// <param name="chain">The chain on which it works.</param>
    /// <param name="account">Its account, which nobody else uses.</param>
    /// <param name="options">The defaults when null.</param>
    public CompetingHost(SimulatedChain chain, Address account, CompetingHostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(chain);
        _chain = chain;
        _market = chain.ConnectHost(account);
        _scheduler = chain.Scheduler;
        _options = options ?? new CompetingHostOptions();
        _random = new Random(_options.Seed);

        // A task's end is passed on at once, not by a thread of a pool: the run must be repeatable.
        var sales = _market.Events
            .SelectMany(FindSlots)
            .SelectMany(slot => Observable.FromAsync(stopped => SellAsync(slot, stopped), ImmediateScheduler.Instance))
            .Subscribe();

        // One timer looks after all slots: a simulated year has a quarter of a million periods.
        var rounds = _scheduler.Schedule(UntilNextRound(), again =>
        {
            LookAfterSlots();
            again(UntilNextRound());
        });
        _work = StableCompositeDisposable.Create(sales, rounds);
    }

    /// <summary>The slots that it works on or hosts now.</summary>
    public int ActiveSlots => _selling + _hosted.Count;

    /// <summary>Stops at once, and leaves no timer.</summary>
    public void Dispose() => _work.Dispose();

    private IEnumerable<SlotKey> FindSlots(MarketEvent happened) => happened switch
    {
        StorageRequested requested when IsSane(requested.Ask) => DrawIndices(requested.Ask.Slots)
            .Select(index => new SlotKey(requested.RequestId, index))
            .Where(_ => _random.NextDouble() < _options.Interest)
            .ToList(),
        SlotFreed freed when _random.NextDouble() < _options.Interest => [freed.Slot],
        _ => [],
    };

    private static bool IsSane(StorageAsk ask) =>
        ask.SlotSizeBytes > 0 && ask.ProofProbability <= ulong.MaxValue && ask.TryGetSlotCollateral(out _);

    // Draws with a bound on how often, because a request may have almost any number of slots.
    private IEnumerable<ulong> DrawIndices(ulong slots) => Enumerable.Range(0, _options.SlotsPerRequest)
        .Select(_ => (ulong)_random.NextInt64((long)Math.Min(slots, long.MaxValue)))
        .Distinct();

    private async Task SellAsync(SlotKey slot, CancellationToken stopped)
    {
        var delay = _options.LongestDelay * _random.NextDouble();
        await _scheduler.CallAsync(delay, () => true, stopped).ConfigureAwait(false);
        if (ActiveSlots >= _options.MostSlots)
        {
            return;
        }

        _selling++;
        try
        {
            if (await FillAsync(slot, stopped).ConfigureAwait(false))
            {
                _hosted.Add(slot);
            }
        }
        finally
        {
            _selling--;
        }
    }

    private async Task<bool> FillAsync(SlotKey slot, CancellationToken stopped)
    {
        var request = _chain.Contract.FindRequest(slot.RequestId)?.Request;
        return request is not null
            && IsSane(request.Ask)
            && request.Ask.TryGetSlotCollateral(out var collateral)
            && _chain.Contract.CanReserve(_chain.Pending.Time, _market.Host, slot)
            && await _market.ReserveSlotAsync(slot, stopped).ConfigureAwait(false) is TransactionLanded
            && await _market.FillSlotAsync(slot, SimulatedProver.AnyProof, collateral, stopped).ConfigureAwait(false) is TransactionLanded;
    }

    private void LookAfterSlots()
    {
        var pending = _chain.Pending;
        _hosted.RemoveAll(slot =>
        {
            var state = _chain.Contract.GetSlotState(pending.Time, slot);
            if (state == SlotState.Filled)
            {
                ProveIfWanted(pending, slot);
                return false;
            }

            // A slot that was lost is refused, and that is the end of it.
            _ = _market.FreeSlotAsync(slot, CancellationToken.None);
            return true;
        });
    }

    private void ProveIfWanted(BlockStamp pending, SlotKey slot)
    {
        if (_chain.Contract.FindProofDemand(pending, slot) is { } demand && (demand.IsRequired || demand.WillBeRequired))
        {
            _ = _market.SubmitProofAsync(slot, demand.Period, SimulatedProver.AnyProof, CancellationToken.None);
        }
    }

    // Somewhere in the first half of each period: there is time for a block.
    private TimeSpan UntilNextRound()
    {
        var period = TimeSpan.FromSeconds(_chain.Options.Rules.ProofPeriodSeconds).Ticks;
        var intoPeriod = (_chain.Clock - DateTimeOffset.UnixEpoch).Ticks % period;
        return TimeSpan.FromTicks(period - intoPeriod) + (TimeSpan.FromTicks(period / 2) * _random.NextDouble());
    }
}
