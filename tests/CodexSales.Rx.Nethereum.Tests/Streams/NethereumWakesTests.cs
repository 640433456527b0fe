using System.Reactive;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Nethereum.Streams;
using Nethereum.JsonRpc.Client.Streaming;

namespace CodexSales.Rx.Nethereum.Tests.Streams;

/// <summary>Subscriptions of Nethereum.RPC.Reactive that wake.</summary>
public sealed class NethereumWakesTests : IDisposable
{
    private static readonly Address _marketplace = Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0");

    private readonly VirtualTime _time = new();
    private readonly List<ScriptedStream> _streams = [];
    private readonly Queue<ScriptedStream> _prepared = [];
    private IDisposable? _subscription;
    private int _wakes;

    public void Dispose() => _subscription?.Dispose();

    [Fact]
    public void Each_connection_head_and_log_wakes()
    {
        Listen();
        Assert.Equal(1, _wakes);

        _streams[0].PushHead();
        _streams[0].PushHead();
        _streams[0].PushLog();

        Assert.Equal(4, _wakes);
        Assert.Equal("[\"newHeads\"]", _streams[0].Asked[0]);
        Assert.Contains($"{_marketplace}", _streams[0].Asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_is_lost_is_followed_by_another_one_which_wakes()
    {
        Listen();

        _streams[0].Break();
        Assert.Equal((1, false), (_streams.Count, _streams[0].IsStarted));
        _time.AdvanceBy(TimeSpan.FromSeconds(5));

        Assert.Equal((2, 2), (_streams.Count, _wakes));
        _streams[1].PushHead();
        Assert.Equal(3, _wakes);
    }

    [Fact]
    public void A_connection_that_does_not_come_about_or_takes_no_subscription_is_followed_by_another_one()
    {
        _prepared.Enqueue(new ScriptedStream { Refusal = new IOException("Nobody is there.") });
        _prepared.Enqueue(new ScriptedStream { Answers = false });
        Listen();

        _time.AdvanceBy(TimeSpan.FromSeconds(5));
        Assert.Equal((2, 0), (_streams.Count, _wakes));
        _time.AdvanceBy(TimeSpan.FromSeconds(20));
        Assert.False(_streams[1].IsStarted);
        _time.AdvanceBy(TimeSpan.FromSeconds(5));

        Assert.Equal((3, 1), (_streams.Count, _wakes));
    }

    [Fact]
    public void Nothing_is_left_when_nobody_listens_any_more()
    {
        Listen();

        _subscription!.Dispose();
        _time.AdvanceBy(TimeSpan.FromHours(1));

        Assert.Equal((1, 1, false), (_streams.Count, _streams[0].Stops, _streams[0].IsStarted));
        Assert.Equal(0, _time.PendingCount);
    }

    private void Listen()
    {
        _subscription = NethereumWakes.Of(Connect, _marketplace, _time).Subscribe(Observer.Create<Unit>(
            _ => _wakes++, error => Assert.Fail(error.Message), () => Assert.Fail("They ended.")));
        _time.RunDue();
    }

    private IStreamingClient Connect()
    {
        _streams.Add(_prepared.TryDequeue(out var prepared) ? prepared : new ScriptedStream());
        return _streams[^1];
    }
}
