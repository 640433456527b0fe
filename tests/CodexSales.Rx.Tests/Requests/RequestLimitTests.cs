using CodexSales.Rx.Tests.Queueing;
using static CodexSales.Rx.Tests.Queueing.QueueSamples;

namespace CodexSales.Rx.Tests.Requests;

/// <summary>Which requests give way when there are more than are kept.</summary>
public sealed class RequestLimitTests
{
    [Fact]
    public void A_better_request_takes_the_place_of_the_one_that_pays_least()
    {
        using var world = Full(Ask(1, price: 5), Ask(2, price: 3), Ask(3, price: 4));

        Ask(4, price: 6)(world);

        AssertRefused(world, 2, "More than 3 requests are known, as many as are kept; of all of them it pays least, 30000 for a slot.");
        Assert.Equal([4, 1, 3], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_request_that_pays_least_of_all_is_refused_itself()
    {
        using var world = Full(Ask(1, price: 5), Ask(2, price: 3));

        Ask(3, price: 3)(world);

        AssertRefused(world, 3);
        Assert.Equal([1, 2], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
        Assert.DoesNotContain(world.Causes, cause => cause == CodexSales.Rx.Domain.Reasons.QueueCause.Evicted);
    }

    [Fact]
    public void A_request_that_is_over_gives_way_before_all_others()
    {
        using var world = Full(Ask(1, price: 9), Ask(2, price: 1));
        world.Happen(new RequestCancelled(world.Block, IdOf(1)));

        Ask(3, price: 1)(world);

        AssertRefused(world, 1, "More than 2 requests are known, as many as are kept; of all of them it is over.");
        Assert.Equal([2, 3], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_request_that_expired_gives_way_although_it_may_have_been_started()
    {
        using var world = Full(Ask(1, price: 9));
        world.NextBlock(101);

        Ask(2, price: 1)(world);

        AssertRefused(world, 1);
        Assert.Equal([2], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_request_of_which_nothing_is_open_gives_way_before_one_that_pays_less()
    {
        using var world = Full(Ask(1, price: 9), Ask(2, price: 1));
        world.Happen(new SlotFilled(world.Block, new SlotKey(IdOf(1), 0)));

        Ask(3, price: 1)(world);

        AssertRefused(
            world, 1, "More than 2 requests are known, as many as are kept; of all of them none of its slots can be filled.");
    }

    [Fact]
    public void A_request_that_no_availability_takes_gives_way_before_one_that_pays_less()
    {
        using var world = Full(Ask(1, price: 9, durationSeconds: 5_000), Ask(2, price: 1));
        world.Ledger.Save(Everything() with { MaxDurationSeconds = 1_000 });

        Ask(3, price: 1)(world);

        AssertRefused(
            world, 1, "More than 2 requests are known, as many as are kept; of all of them no availability takes its slots.");
        Assert.Equal([2, 3], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_new_request_that_no_availability_takes_pushes_nothing_out_however_much_it_pays()
    {
        using var world = Full(Ask(1, price: 1), Ask(2, price: 1));
        world.Ledger.Save(Everything() with { MaxDurationSeconds = 1_000 });

        for (var number = 3; number < 10; number++)
        {
            Ask(number, price: 9, durationSeconds: 5_000)(world);
            AssertRefused(world, number);
        }

        Assert.Equal([1, 2], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void A_request_with_a_sale_of_ours_is_never_dropped()
    {
        using var world = Full(Ask(1, price: 9), Ask(2, price: 8));
        var (first, second) = (world.Take()!, world.Take()!);

        Ask(3, price: 100)(world);
        AssertRefused(world, 3);

        world.Return(second, again: false);
        Ask(4, price: 1)(world);
        AssertRefused(world, 2);
        world.Return(first, again: true);
        Assert.Equal([4, 1], world.Queued.Select(slot => NumberOf(slot.Terms.RequestId)));
    }

    [Fact]
    public void Of_random_requests_at_a_limit_those_remain_that_pay_best()
    {
        var random = new Random(1);
        using var world = new QueueWorld(capacity: 1_000, maxRequests: 50);
        world.Ledger.Save(Everything());
        var prices = Enumerable.Range(1, 2_000).Select(_ => (ulong)random.Next(1, 1_000_000)).ToList();
        for (var number = 0; number < prices.Count; number++)
        {
            Ask(number + 1, prices[number])(world);
        }

        Assert.Equal(
            prices.OrderDescending().Take(50), world.Queued.Select(slot => slot.Terms.Ask.PricePerBytePerSecond).Select(price => (ulong)price));
        Assert.Equal((50, 1_950), (world.RequestCount, world.Refusals.Count));
    }

    private static Action<QueueWorld> Ask(int number, ulong price, ulong durationSeconds = 1_000) => world =>
    {
        var request = Request(world, number, slots: 1, price);
        world.Happen(request with { Ask = request.Ask with { DurationSeconds = durationSeconds } });
    };

    private static QueueWorld Full(params Action<QueueWorld>[] requests)
    {
        var world = new QueueWorld(capacity: 10, maxRequests: requests.Length);
        world.Ledger.Save(Everything());
        Array.ForEach(requests, request => request(world));
        Assert.Empty(world.Refusals);
        return world;
    }

    private static void AssertRefused(QueueWorld world, int number, string? sentence = null)
    {
        var refusal = world.Refusals[^1];
        Assert.Equal((IdOf(number), RefusalReason.TooManyRequests), (refusal.RequestId, refusal.Reason));
        Assert.Equal(sentence ?? refusal.Detail, refusal.Detail);
    }
}
