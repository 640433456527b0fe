namespace CodexSales.Rx.Tests.Queueing;

/// <summary>Tracking, filter and queue together, against a model that computes everything anew.</summary>
public sealed class QueuePropertyTests
{
    private const int Programs = 10_000;
    private const int LongestProgram = 30;

    private static readonly QueueStep[] Steps = Enum.GetValues<QueueStep>();

    // Slots change hands again and again.
    private static readonly QueueStep[] StepsOfSlots =
    [
        QueueStep.Fill, QueueStep.Fill, QueueStep.Free, QueueStep.Free, QueueStep.ReserveFully, QueueStep.Fulfill,
        QueueStep.Revert, QueueStep.Take, QueueStep.GiveBack, QueueStep.GiveUp,
    ];

    [Fact]
    public void The_queue_equals_its_model_after_every_step_of_random_programs_and_nothing_is_left_in_the_end() =>
        Check(Programs, Steps);

    [Fact]
    public void The_same_where_slots_change_hands_again_and_again() => Check(Programs / 5, StepsOfSlots);

    private static void Check(int programs, QueueStep[] steps)
    {
        for (var seed = 0; seed < programs; seed++)
        {
            var random = new Random(seed);
            var capacity = 1 + random.Next(6);
            var program = RandomProgram(random, steps);
            if (QueueProgram.Check(capacity, program) is not null)
            {
                var shrunk = Shrink(capacity, program);
                Assert.Fail($"Seed {seed}, capacity {capacity}: {QueueProgram.Check(capacity, shrunk)}\n"
                    + string.Join(",\n", shrunk));
            }
        }
    }

    private static List<QueueOp> RandomProgram(Random random, QueueStep[] steps)
    {
        // Without an availability and a request there is nothing to see.
        List<QueueOp> program =
        [
            new(QueueStep.SaveAvailability, 8, 8),
            new(QueueStep.Request, random.Next(100), random.Next(100)),
        ];
        for (var length = random.Next(LongestProgram); length > 0; length--)
        {
            // Requests come often enough to keep something going.
            var step = random.Next(4) == 0 ? QueueStep.Request : steps[random.Next(steps.Length)];
            program.Add(new QueueOp(step, random.Next(100), random.Next(100)));
        }

        return program;
    }

    private static List<QueueOp> Shrink(int capacity, List<QueueOp> failing)
    {
        for (var i = failing.Count - 1; i >= 0; i--)
        {
            var shorter = failing.Where((_, number) => number != i).ToList();
            if (QueueProgram.Check(capacity, shorter) is not null)
            {
                failing = shorter;
                i = Math.Min(i, failing.Count);
            }
        }

        return failing;
    }
}
