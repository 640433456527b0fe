namespace CodexSales.Rx.Tests.Queueing;

public sealed class WaitingSlotsTests
{
    [Fact]
    public void The_best_is_always_the_first_of_those_that_wait()
    {
        var random = new Random(1);
        var waiting = new WaitingSlots(SlotOrder.Standard);
        var model = new SortedSet<OpenSlot>(SlotOrder.Standard);
        for (var arrival = 0; arrival < 20_000; arrival++)
        {
            // It grows for a while, then shrinks to nothing, mostly at the front.
            if (random.Next(10) < (arrival / 2_000 % 2 == 0 ? 6 : 3))
            {
                var slot = Slot((ulong)random.Next(100), arrival);
                waiting.Add(slot);
                model.Add(slot);
            }
            else if (model.Count > 0)
            {
                var gone = random.Next(4) > 0 ? model.Min! : model.ElementAt(random.Next(model.Count));
                waiting.Remove(gone);
                model.Remove(gone);
            }

            Assert.Same(model.Min, waiting.First);
        }
    }

    [Fact]
    public void An_order_that_changes_its_mind_is_refused()
    {
        var isReversed = false;
        var waiting = new WaitingSlots(new SlotOrder(Comparer<SlotTerms>.Create((x, y) =>
            isReversed ? x.Reward.CompareTo(y.Reward) : y.Reward.CompareTo(x.Reward))));
        OpenSlot[] slots = [.. Enumerable.Range(1, 5).Select(number => Slot((ulong)number, number))];
        Array.ForEach(slots, waiting.Add);

        isReversed = true;

        Assert.Throws<InconsistentOrderException>(() => Array.ForEach(slots, waiting.Remove));
    }

    private static OpenSlot Slot(ulong reward, long arrival) => new(
        new SlotTerms
        {
            RequestId = default,
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = 1,
                CollateralPerByte = 1,
                Slots = 1,
                SlotSizeBytes = 1,
                DurationSeconds = 1,
                MaxSlotLoss = 1,
            },
            Reward = reward,
            Collateral = 1,
            ExpiresAt = new UnixSeconds(1),
            EndsAt = new UnixSeconds(1),
        },
        0,
        new SlotArrival(arrival, 0));
}
