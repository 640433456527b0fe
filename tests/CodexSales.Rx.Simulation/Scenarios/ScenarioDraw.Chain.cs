namespace CodexSales.Rx.Simulation.Scenarios;

/// <content>
/// Blocks and the time between them, what a node answers, and what there is no help against: halts, clocks that are
/// set, silence. About half of all scenarios are calm in each respect.
/// </content>
internal sealed partial class ScenarioDraw
{
    // A node says what stood in a block as long as it has its state.
    private const int BlocksWithState = 128;

    // Several blocks a second are much work: only where there is not much time.
    private Settings DrawNode(Settings settings)
    {
        var interval = Chance(50) ? 12 : Pick(2, 5, 12, 13, _span <= TimeSpan.FromHours(1) ? 0.25 : 2);
        int[] nodes = Chance(50) ? [0] : Pick<int[]>([0], [0], [1], [2], [5], [0, 2], [0, 0, 3], [0, 1, 5]);
        var confirmations = Pick<ulong>(0, 0, 1, 3, 12);
        var selling = settings.Pipeline.Selling;
        var shortestDeadline = TimeSpan.FromMinutes(1) + TimeSpan.FromSeconds(confirmations * interval);
        return settings with
        {
            // Nobody who waits for confirmations gives up before they can be there.
            Pipeline = settings.Pipeline with
            {
                Selling = selling.TransactionDeadline >= shortestDeadline
                    ? selling
                    : selling with { TransactionDeadline = shortestDeadline },
            },
            Chain = settings.Chain with
            {
                BlockSeconds = interval,
                FirstBlockAge = Chance(50) ? TimeSpan.Zero : TimeSpan.FromSeconds(interval * _random.NextDouble()),
                MaxBlocksBehind = BlocksWithState,
            },
            Market = settings.Market with
            {
                NodesBehind = nodes,
                UnknownBlockPercent = Pick(0, 0, 0, 5),
                Confirmations = confirmations,
                LateReceiptBlocks = (ulong)_random.Next(5, 40),
                Seed = _random.Next(),
            },
        };
    }

    private void DrawHalts()
    {
        var halts = Chance(60) ? 0 : _random.Next(1, 3);
        for (var halt = 0; halt < halts; halt++)
        {
            _acts.Add(new Halted(Moment(), Minutes(10, Pick(20, 60, 180)), Pick(1, 4, 10)));
        }
    }

    private void DrawClock()
    {
        var sets = Chance(60) ? 0 : _random.Next(1, 4);
        for (var set = 0; set < sets; set++)
        {
            _acts.Add(new ClockSet(
                Moment(), Pick(TimeSpan.FromSeconds(_random.Next(1, 90)), Minutes(2, 180)) * Pick(1, -1)));
        }
    }

    private void DrawOutages()
    {
        if (Chance(25))
        {
            _acts.Add(new Silenced(Moment(), Minutes(5, Pick(15, 60, 240))));
        }

        if (Chance(40))
        {
            _acts.Add(new Troubled(
                Moment(), Minutes(10, 120), Port.FirstProofs, Trouble.Stalls, Pick(50, 100), _random.Next()));
        }

        if (Chance(25))
        {
            _acts.Add(new DiskFilled(Moment(), Minutes(5, Pick(15, 60, 120))));
        }
    }
}
