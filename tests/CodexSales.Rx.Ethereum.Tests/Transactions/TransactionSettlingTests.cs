using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>How a manager of transactions comes to rest before a program ends.</summary>
public sealed class TransactionSettlingTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly TransactionBench _bench = new();

    [Fact]
    public void It_waits_until_what_is_in_flight_is_in_a_block()
    {
        var reply = _bench.Send(1);
        var settled = Settle();
        Assert.False(settled.IsCompleted);

        _bench.Mine();

        Assert.Empty(Left(settled));
        TransactionBench.Landed(reply);
    }

    [Fact]
    public void With_nothing_in_flight_it_is_settled_at_once() => Assert.Empty(Left(Settle()));

    [Fact]
    public void What_is_in_no_block_in_time_is_told()
    {
        _bench.Send(1);
        var settled = Settle();

        _bench.Time.AdvanceBy(_patience);

        Assert.Equal([TransactionBench.Reserve(1)], Left(settled));
    }

    [Fact]
    public void Nothing_new_is_sent_and_who_wants_that_waits_until_it_gives_up()
    {
        Settle();

        var later = _bench.Send(2, mayGiveUp: true);
        _bench.Mine(3);
        Assert.Empty(_bench.Mined);
        Assert.False(later.IsCompleted);

        _bench.GiveUp.Cancel();
        Assert.True(later.IsCanceled);
    }

    [Fact]
    public void Who_waits_to_send_something_is_told_when_the_manager_ends()
    {
        Settle();
        var later = _bench.Send(2);

        _bench.Manager.Dispose();

        Assert.True(later.IsCanceled);
    }

    [Fact]
    public void Who_asks_again_for_what_is_in_flight_is_told_what_becomes_of_it()
    {
        _bench.Send(1);
        Settle();
        var again = _bench.Send(1);

        _bench.Mine();

        TransactionBench.Landed(again);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    private Task<IReadOnlyList<TransactionPurpose>> Settle()
    {
        var settled = _bench.Manager.SettleAsync(_patience);
        _bench.Time.RunDue();
        return settled;
    }

    private static IReadOnlyList<TransactionPurpose> Left(Task<IReadOnlyList<TransactionPurpose>> settled)
    {
        Assert.True(settled.IsCompletedSuccessfully, $"{settled.Status}");
        return settled.GetAwaiter().GetResult();
    }
}
