namespace CodexSales.Rx.Testing.Tests.Participants;

public sealed class SimulatedClientsTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;

    public SimulatedClientsTests() => _chain = new SimulatedChain(_time);

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void They_ask_as_often_as_they_are_told_to()
    {
        using var clients = new SimulatedClients(_chain, new SimulatedClientsOptions { RequestsPerHour = 20 });

        _time.AdvanceBy(TimeSpan.FromDays(10));

        Assert.InRange(clients.SentRequests, 4500, 5100);
    }

    [Fact]
    public void The_same_seed_gives_the_same_requests_and_another_one_others()
    {
        Assert.Equal(RequestsOf(seed: 1), RequestsOf(seed: 1));
        Assert.NotEqual(RequestsOf(seed: 1), RequestsOf(seed: 2));
    }

    [Fact]
    public void Every_kind_of_hostile_ask_is_one_that_the_contract_accepts()
    {
        using var clients = new SimulatedClients(_chain, new SimulatedClientsOptions { HostileShare = 1 });
        using var events = _time.Record(_chain.Events);

        _time.AdvanceBy(TimeSpan.FromDays(5));

        var asks = events.Values
            .Select(value => value.Value)
            .OfType<StorageRequested>()
            .Select(happened => happened.Ask)
            .ToList();
        Assert.Contains(asks, ask => ask.Slots == ulong.MaxValue / ask.DurationSeconds);
        Assert.Contains(asks, ask => ask.SlotSizeBytes == ulong.MaxValue);
        Assert.Contains(asks, ask => !ask.TryGetSlotCollateral(out _));
    }

    [Fact]
    public void Some_take_their_money_back_when_nobody_served_them()
    {
        using var clients = new SimulatedClients(_chain, new SimulatedClientsOptions { HostileShare = 0 });
        using var events = _time.Record(_chain.Events);

        _time.AdvanceBy(TimeSpan.FromDays(5));

        var cancelled = events.Values.Count(value => value.Value is RequestCancelled);
        Assert.InRange(cancelled, clients.SentRequests * 0.4, clients.SentRequests * 0.6);
    }

    [Fact]
    public void Disposed_they_leave_no_timer()
    {
        var clients = new SimulatedClients(_chain, new SimulatedClientsOptions { RequestsPerHour = 100 });
        _time.AdvanceBy(TimeSpan.FromHours(3));

        clients.Dispose();
        _chain.Dispose();

        Assert.Equal(0, _time.PendingCount);
    }

    private static List<TimedValue<MarketEvent>> RequestsOf(int seed)
    {
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        using var clients = new SimulatedClients(chain, new SimulatedClientsOptions { Seed = seed });
        using var events = time.Record(chain.Events);
        time.AdvanceBy(TimeSpan.FromDays(1));
        return [.. events.Values];
    }
}
