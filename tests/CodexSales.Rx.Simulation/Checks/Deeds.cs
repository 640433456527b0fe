using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>A transaction that was sent.</summary>
internal sealed class Sent(string name, long? sale, DateTimeOffset at, ulong? period)
{
    public string Name => name;

    public long? Sale => sale;

    public DateTimeOffset At => at;

    /// <summary>The period that it proves; null where it is no proof.</summary>
    public ulong? Period => period;

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

    public Sent Send(string name, SlotKey slot, long? sale, ulong? period)
    {
        var sent = new Sent(name, sale, world.Time.Now, period);
        if (sale is not { } number)
        {
            world.Verdict.Break("deeds", $"{name} of {world.Names.Of(slot)} without a sale.");
            return sent;
        }

        // A proof waits for no disk.
        if (name != "SubmitProofAsync")
        {
            CheckWritten(name, number, name switch
            {
                "ReserveSlotAsync" => [SaleStateName.SaleSlotReserving],
                "FillSlotAsync" => [SaleStateName.SaleFilling],
                _ => [SaleStateName.SalePayout, SaleStateName.SaleCancelled, SaleStateName.SaleFailed],
            });
        }

        CheckRepetition(sent, number, _sent.GetValueOrDefault((number, name)));
        if (name == "FreeSlotAsync")
        {
            CheckMayBeFreed(number, slot);
        }

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
        foreach (var view in new[] { ViewOf(slot), FinalViewOf(slot) })
        {
            if (view.Host == World.Us && view.State is SlotState.Filled or SlotState.Finished or SlotState.Cancelled
                && !world.IsLostByLag(slot))
            {
                world.Verdict.Break(
                    "data kept",
                    $"Data of {world.Names.Of(slot)} is deleted, and as of block {view.AsOf.Number} the contract says "
                    + $"{view.State}: it is not paid.");
            }
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

    // In a block that stays for good it must pay, or cost nothing. One that is paid already costs nothing.
    private void CheckMayBeFreed(long number, SlotKey slot)
    {
        var (newest, final) = (ViewOf(slot), FinalViewOf(slot));
        if (newest.State == SlotState.Paid && final.State is SlotState.Paid)
        {
            return;
        }

        if (newest.State == SlotState.Filled
            || final.Host != World.Us
            || final.State is not (SlotState.Finished or SlotState.Cancelled or SlotState.Failed))
        {
            world.Verdict.Break(
                "collateral",
                $"Sale {number} frees {world.Names.Of(slot)}, which is {newest.State} now and {final.State} for good: all "
                + $"its collateral may be lost.");
        }
    }

    private SlotView ViewOf(SlotKey slot) => world.Chain.Contract.GetView(world.Chain.NewestBlock, slot);

    // As of the newest block that stays for good.
    private SlotView FinalViewOf(SlotKey slot)
    {
        var depth = (ulong)world.Chain.Options.MaxReorganisation;
        var newest = world.Chain.NewestBlock;
        var view = world.Chain.FindView(
            depth == 0 ? newest : world.Chain.StampOf(Math.Max(newest.Number - depth, world.Chain.Options.FirstBlock)), 0)!.Value;
        return view.Contract.GetView(view.At, slot);
    }

    // A slot that another host filled and lost has no reservations any more.
    private bool IsReservationGone(long number, DateTimeOffset reservedAt) =>
        _sent.TryGetValue((number, "FillSlotAsync"), out var fill) && fill.At > reservedAt
        && fill.Outcome is TransactionRefused { Reason: MarketRefusal.ReservationRequired };

    // What was refused, or did not last, is asked about and sent again; what is in doubt not before nothing of it can land
    // any more.
    private void CheckRepetition(Sent sent, long number, Sent? before)
    {
        var deadline = world.Scenario.Settings.Pipeline.Selling.TransactionDeadline;
        var isReplaced = before is not null && (world.Keeper.ReplacedLast >= before.At || process.Market.ReplacedAt >= before.At);
        var isAllowed = before is null || (sent.Name, before.Outcome) switch
        {
            ("ReserveSlotAsync", TransactionInDoubt) => true,
            ("ReserveSlotAsync", TransactionLanded) when IsReservationGone(number, before.At) => true,
            ("FillSlotAsync", TransactionRefused { Reason: var reason }) => reason is MarketRefusal.SlotNotFree
                or MarketRefusal.UnknownRequest or MarketRefusal.InvalidProof or MarketRefusal.ProofAlreadySubmitted
                or MarketRefusal.InsufficientFunds or MarketRefusal.ReservationRequired,
            (_, TransactionRefused) => true,
            ("FillSlotAsync", TransactionInDoubt) => world.Time.Now - before.At >= deadline,
            (_, TransactionInDoubt) => true,
            ("SubmitProofAsync", _) when sent.Period > before.Period => true,
            (_, TransactionLanded) => isReplaced,

            // Who looks anew asks again for what is on its way: for the market it is the same transaction.
            ("SubmitProofAsync", null) => isReplaced || world.Time.Now - before.At >= deadline,
            (_, null) => world.Time.Now - before.At >= deadline,
            _ => false,
        };
        if (!isAllowed)
        {
            world.Verdict.Break(
                "sent once",
                $"Sale {number} sends {sent.Name} again; the last one, at {before!.At:HH:mm:ss}, came to "
                + $"{before.Outcome?.GetType().Name ?? "nothing yet"}.");
        }
    }
}
