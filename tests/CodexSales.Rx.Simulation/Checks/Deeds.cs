using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>A transaction that was sent.</summary>
internal sealed class Sent(string name, long? sale, DateTimeOffset at, UnixSeconds chainTime)
{
    public string Name => name;

    public long? Sale => sale;

    public DateTimeOffset At => at;

    /// <summary>When it was sent, on the clock of the program.</summary>
    public UnixSeconds ChainTime => chainTime;

    /// <summary>Whether one before it may still land, for all that is known.</summary>
    public bool FollowsDoubt { get; set; }

    /// <summary>What became of it, as far as the program has heard.</summary>
    public TransactionOutcome? Outcome { get; set; }
}

/// <summary>Data that is being deleted.</summary>
internal sealed class Clearing
{
    public bool IsDone { get; set; }
}

/// <summary>
/// What the program does to the world: what costs money or data is done once, in the right order, and after it is
/// written down.
/// </summary>
internal sealed class Deeds(World world, Process process)
{
    private readonly Dictionary<(long Sale, string Name), Sent> _sent = [];
    private readonly Dictionary<long, Clearing> _clearings = [];

    public Sent Send(string name, SlotKey slot, long? sale)
    {
        var sent = new Sent(name, sale, world.Time.Now, process.Pipeline.ChainTime);
        if (sale is not { } number)
        {
            world.Verdict.Break("deeds", $"{name} of {world.Names.Of(slot)} without a sale.");
            return sent;
        }

        CheckWritten(name, number, name switch
        {
            "ReserveSlotAsync" => [SaleStateName.SaleSlotReserving],
            "FillSlotAsync" => [SaleStateName.SaleFilling],
            "FreeSlotAsync" => [SaleStateName.SalePayout, SaleStateName.SaleCancelled, SaleStateName.SaleFailed],
            _ => [SaleStateName.SaleProving],
        });
        CheckRepetition(name, number, _sent.GetValueOrDefault((number, name)));
        if (name == "FreeSlotAsync" && world.Chain.GetSlotState(slot) == SlotState.Filled)
        {
            world.Verdict.Break(
                "collateral",
                $"Sale {number} frees {world.Names.Of(slot)}, which is filled: all its collateral is lost.");
        }

        sent.FollowsDoubt = _sent.GetValueOrDefault((number, name))
            is { Outcome: not TransactionRefused } or { FollowsDoubt: true };
        _sent[(number, name)] = sent;
        return sent;
    }

    public void Download(SlotKey slot, long? sale)
    {
        if (sale is { } number)
        {
            CheckWritten("Store", number, [SaleStateName.SaleDownloading]);
        }
        else
        {
            world.Verdict.Break("deeds", $"A download of {world.Names.Of(slot)} without a sale.");
        }
    }

    public Clearing Clear(SlotKey slot, long? sale)
    {
        var state = world.Chain.GetSlotState(slot);
        if (world.Chain.GetHost(slot) == World.Us
            && state is SlotState.Filled or SlotState.Finished or SlotState.Cancelled)
        {
            world.Verdict.Break(
                "data kept",
                $"Data of {world.Names.Of(slot)} is deleted, and the contract says {state}: it is not paid.");
        }

        var clearing = new Clearing();
        if (sale is { } number)
        {
            CheckEndIsWritten(number);
            if (_clearings.TryGetValue(number, out var before) && before.IsDone)
            {
                world.Verdict.Break("cleaned up", $"Sale {number} is cleaned up twice.");
            }

            _clearings[number] = clearing;
        }

        return clearing;
    }

    /// <summary>Whether a sale has ended and is being cleaned up.</summary>
    public bool IsClearing(long sale) => _clearings.ContainsKey(sale);

    public void Note(SaleStep step)
    {
        if (step.End is not null)
        {
            foreach (var name in new[] { "ReserveSlotAsync", "FillSlotAsync", "FreeSlotAsync", "SubmitProofAsync" })
            {
                _sent.Remove((step.Sale.Number, name));
            }

            _clearings.Remove(step.Sale.Number);
        }
    }

    private void CheckWritten(string name, long number, ReadOnlySpan<SaleStateName> expected)
    {
        var state = world.Memory.Running.GetValueOrDefault(number)?.State;
        if (state is not { } written || !expected.Contains(written))
        {
            world.Verdict.Break(
                "written first",
                $"Sale {number}: {name}, and the disk says {(state is { } s ? s : "nothing")}.");
        }
    }

    private void CheckEndIsWritten(long number)
    {
        if (world.Memory.Running.GetValueOrDefault(number) is not { End: not null })
        {
            world.Verdict.Break("written first", $"Data of sale {number} is deleted, and the disk says that it goes on.");
        }
    }

    private void CheckRepetition(string name, long number, Sent? before)
    {
        var deadline = world.Scenario.Settings.Pipeline.Selling.FillDeadline;
        var isAllowed = (name, before) switch
        {
            (_, null) => true,
            ("ReserveSlotAsync", { Outcome: TransactionInDoubt }) => true,
            (_, { Outcome: TransactionRefused }) => name != "FillSlotAsync"
                || (before.FollowsDoubt && world.Time.Now - before.At >= deadline),
            (_, { Outcome: TransactionInDoubt }) => name != "FillSlotAsync" || world.Time.Now - before.At >= deadline,
            ("SubmitProofAsync", _) when PeriodOf(process.Pipeline.ChainTime) > PeriodOf(before.ChainTime) => true,
            // A request that moved to another block ends later than its sale was told: it looks again at the old end.
            ("SubmitProofAsync", { Outcome: TransactionLanded }) => world.Chain.Options.MaxReorganisation > 0,
            (_, { Outcome: null }) => world.Time.Now - before.At >= deadline,
            _ => false,
        };
        if (!isAllowed)
        {
            world.Verdict.Break(
                "sent once",
                $"Sale {number} sends {name} again; the last one, at {before!.At:HH:mm:ss}, came to "
                + $"{before.Outcome?.GetType().Name ?? "nothing yet"}.");
        }
    }

    private ulong PeriodOf(UnixSeconds moment) =>
        moment.Value / world.Chain.Options.Rules.ProofPeriodSeconds;
}
