using CodexSales.Rx.Working;

namespace CodexSales.Rx.Tests.Working;

public sealed class WorkersPropertyTests
{
    private const int Programs = 2_000;
    private const int Steps = 60;
    private const int MostWorkers = 5;

    [Fact]
    public void No_slot_waits_while_a_worker_is_idle_and_no_more_are_busy_than_may_be_started()
    {
        for (var seed = 0; seed < Programs; seed++)
        {
            Run(new Random(seed), seed);
        }
    }

    private static void Run(Random random, int seed)
    {
        var time = new VirtualTime();
        var queue = new SlotQueue(1 + random.Next(10), null, error => throw error, time);
        var workers = new Workers(random.Next(1 + MostWorkers), MostWorkers, queue, time, error => throw error);
        var running = new List<Subject<int>>();
        var groups = new List<SlotGroup>();
        var startedWith = 0;
        using var run = workers
            .Occupy(_ =>
            {
                startedWith = Math.Max(startedWith, running.Count + 1);
                running.Add(new Subject<int>());
                return running[^1];
            })
            .Subscribe();
        time.RunDue();
        var areEventsTold = false;

        for (var step = 0; step < Steps; step++)
        {
            var limit = workers.Snapshot.Limit;
            startedWith = 0;
            switch (random.Next(8))
            {
                case 0 or 1:
                    groups.Add(GroupOf(groups.Count + 1, 1 + random.Next(6), random));
                    Apply(queue, SlotGroupChangeKind.GroupOpened, groups[^1]);
                    break;
                case 2 when groups.Count > 0:
                    Apply(queue, SlotGroupChangeKind.GroupClosed, groups[random.Next(groups.Count)]);
                    break;
                case 3 or 4 when running.Count > 0:
                    var done = running[random.Next(running.Count)];
                    running.Remove(done);
                    done.OnCompleted();
                    break;
                case 5:
                    workers.SetLimit(limit = random.Next(1 + MostWorkers));
                    break;
                case 6 when random.Next(2) == 0:
                    workers.Pause();
                    break;
                case 7:
                    workers.NoteEvents(areEventsTold = random.Next(3) > 0);
                    break;
                default:
                    workers.Resume();
                    break;
            }

            time.RunDue();
            var now = workers.Snapshot;
            Assert.True(
                now.Busy == running.Count, $"Seed {seed}, step {step}: {now.Busy} busy, {running.Count} running.");
            Assert.True(
                queue.TakeableCount <= workers.Tickets && workers.Tickets <= queue.Capacity,
                $"Seed {seed}, step {step}: {workers.Tickets} tickets for {queue.TakeableCount} slots.");
            var mayStart = areEventsTold ? limit : 0;
            Assert.True(
                startedWith <= mayStart, $"Seed {seed}, step {step}: one started as number {startedWith} of {mayStart}.");
            Assert.True(
                now.IsPaused || !areEventsTold || now.Busy >= now.Limit || queue.TakeableCount == 0,
                $"Seed {seed}, step {step}: {now.Busy} of {now.Limit} busy, and {queue.TakeableCount} slots wait.");
        }
    }

    private static void Apply(SlotQueue queue, SlotGroupChangeKind kind, SlotGroup group) =>
        queue.Apply(new SlotGroupChanges(QueueCause.Requested, [new SlotGroupChange(kind, group)]));

    private static SlotGroup GroupOf(int number, int slots, Random random)
    {
        var terms = new SlotTerms
        {
            RequestId = new RequestId(new Bytes32([.. Enumerable.Repeat((byte)number, 32)])),
            Ask = SalesFixture.Ask(price: 1, (ulong)slots),
            Reward = (ulong)random.Next(5),
            Collateral = 1,
            ExpiresAt = new UnixSeconds(1),
            EndsAt = new UnixSeconds(2),
        };
        return SlotGroup.OfRequest(terms, number, random, (_, _) => true);
    }
}
