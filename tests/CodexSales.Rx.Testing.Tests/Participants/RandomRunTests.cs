namespace CodexSales.Rx.Testing.Tests.Participants;

/// <summary>Hosts that do anything at any time: the rules must hold whatever they do.</summary>
public sealed class RandomRunTests
{
    // Which state may follow which, as it is seen from outside between two blocks.
    private static readonly Dictionary<SlotState, SlotState[]> Successors = new()
    {
        [SlotState.Free] = [SlotState.Filled, SlotState.Cancelled],
        [SlotState.Filled] = [SlotState.Repair, SlotState.Finished, SlotState.Failed, SlotState.Cancelled],
        [SlotState.Repair] = [SlotState.Filled, SlotState.Finished, SlotState.Failed, SlotState.Cancelled],
        [SlotState.Finished] = [SlotState.Paid],
        [SlotState.Cancelled] = [SlotState.Paid],
        [SlotState.Failed] = [],
        [SlotState.Paid] = [],
    };

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tokens_are_conserved_and_every_state_follows_from_the_one_before(int seed)
    {
        using var run = new RandomRun(seed);
        var states = run.Slots.ToDictionary(slot => slot, run.Chain.GetSlotState);

        for (var step = 0; step < 600; step++)
        {
            run.Step();

            var balances = run.Chain.Contract.Tokens.Balances
                .Aggregate(UInt256.Zero, (sum, account) => sum + account.Value);
            Assert.Equal(run.Supply, balances);
            Assert.Equal(run.Supply, run.Chain.TotalSupply);
            foreach (var slot in run.Slots)
            {
                var (before, after) = (states[slot], run.Chain.GetSlotState(slot));
                Assert.True(before == after || Successors[before].Contains(after), $"{slot}: {before} to {after}.");
                states[slot] = after;
            }
        }
    }

    [Fact]
    public void Random_runs_reach_every_state()
    {
        var reached = new HashSet<SlotState>();
        foreach (var seed in Enumerable.Range(1, 10))
        {
            using var run = new RandomRun(seed);
            for (var step = 0; step < 600; step++)
            {
                run.Step();
                reached.UnionWith(run.Slots.Select(run.Chain.GetSlotState));
            }
        }

        Assert.Equal(Enum.GetValues<SlotState>(), reached.Order());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Events_are_in_order_and_agree_with_the_states(int seed)
    {
        using var run = new RandomRun(seed);
        using var events = run.Time.Record(run.Chain.Events);
        var filled = new HashSet<SlotKey>();

        for (var step = 0; step < 600; step++)
        {
            run.Step();
        }

        foreach (var happened in events.Values.Select(value => value.Value))
        {
            Assert.True(happened switch
            {
                SlotFilled fill => filled.Add(fill.Slot),
                SlotFreed freed => filled.Remove(freed.Slot),
                _ => true,
            });
        }

        var blocks = events.Values.Select(value => value.Value.Block).ToList();
        Assert.Equal(blocks.OrderBy(block => block.Number).ThenBy(block => block.Time), blocks);
        Assert.All(
            run.Slots.Where(slot => run.Chain.GetSlotState(slot) == SlotState.Filled),
            slot => Assert.Contains(slot, filled));
        Assert.Equal(
            events.Values.Select(value => value.Value).OfType<RequestFulfilled>().DistinctBy(e => e.RequestId).Count(),
            events.Values.Count(value => value.Value is RequestFulfilled));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_to_the_last_event()
    {
        Assert.Equal(EventsOf(seed: 7), EventsOf(seed: 7));
        Assert.NotEqual(EventsOf(seed: 7), EventsOf(seed: 8));
    }

    [Fact]
    public void A_whole_market_runs_the_same_twice()
    {
        var first = EventsOfMarket();

        Assert.Equal(first, EventsOfMarket());
        Assert.Contains(first, value => value.Value is RequestFulfilled);
    }

    private static List<TimedValue<MarketEvent>> EventsOf(int seed)
    {
        using var run = new RandomRun(seed);
        using var events = run.Time.Record(run.Chain.Events);
        for (var step = 0; step < 300; step++)
        {
            run.Step();
        }

        return [.. events.Values];
    }

    private static List<TimedValue<MarketEvent>> EventsOfMarket()
    {
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        using var one = new CompetingHost(chain, RandomRun.AccountOf(1), new() { Seed = 1 });
        using var two = new CompetingHost(chain, RandomRun.AccountOf(2), new() { Seed = 2, SlotsPerRequest = 30 });
        using var clients = new SimulatedClients(chain);
        using var events = time.Record(chain.Events);
        time.AdvanceBy(TimeSpan.FromDays(2));
        return [.. events.Values];
    }
}
