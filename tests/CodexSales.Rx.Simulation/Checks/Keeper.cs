using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Scenarios;
using CodexSales.Rx.Simulation.Worlds;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>
/// Knows the contract's whole state, and all that goes wrong: what a faithful host would have kept must be kept, what
/// is ours must be looked after, and what is lost must be told.
/// </summary>
internal sealed class Keeper(World world, Troubles troubles)
{
    // Beside what is known of a delay: asking again once, and a block that is heard of late.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    // So many questions in a row are asked again within the slack.
    private const int MostUnanswered = 2;

    // From the start of a program until it has found out where its sales stand.
    private static readonly TimeSpan StartUp = TimeSpan.FromMinutes(1);

    private readonly Dictionary<SlotKey, Tenure> _tenures = [];
    private readonly Dictionary<SlotKey, Tenure> _lost = [];

    // How many slots are ours, since when.
    private readonly List<(DateTimeOffset At, int Slots)> _counts = [(DateTimeOffset.MinValue, 0)];
    private BlockStamp _at;
    private bool _isReplaced;

    /// <summary>Since when nothing is heard of the market, and until when.</summary>
    public (DateTimeOffset Since, DateTimeOffset Until) Silence { get; set; } = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    /// <summary>Slots that were ours for a while in which nothing was heard of that, and never will be.</summary>
    public HashSet<SlotKey> NeverHeardOf { get; } = [];

    /// <summary>Until when the program is down.</summary>
    public DateTimeOffset DownUntil { get; set; } = DateTimeOffset.MinValue;

    /// <summary>When the program was told what became of the last transaction that fills a slot.</summary>
    public Dictionary<SlotKey, DateTimeOffset> FillToldAt { get; } = [];

    /// <summary>When a missed proof was counted last.</summary>
    public DateTimeOffset LostLast { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When blocks were replaced last.</summary>
    public DateTimeOffset ReplacedLast { get; private set; } = DateTimeOffset.MinValue;

    private ulong PeriodSeconds => world.Chain.Options.Rules.ProofPeriodSeconds;

    private SellingOptions Selling => world.Scenario.Settings.Pipeline.Selling;

    // By how much the slowest node is behind.
    private TimeSpan Lag => TimeSpan.FromSeconds(
        world.Scenario.Settings.Market.NodesBehind.Max() * world.Chain.Options.BlockSeconds);

    /// <summary>A question about a slot was not answered.</summary>
    public void NoteUnanswered(SlotKey slot)
    {
        if (_tenures.TryGetValue(slot, out var tenure))
        {
            tenure.NoteUnanswered(world.Time.Now);
        }
    }

    /// <summary>A block has come.</summary>
    public void Note(BlockStamp at)
    {
        if (world.Verdict.First is not null)
        {
            return;
        }

        _isReplaced = at.Number <= _at.Number;
        _at = at;
        if (_isReplaced)
        {
            NoteReplaced();
        }

        var ours = world.Chain.Contract.FindSlotsOf(World.Us);
        foreach (var slot in ours)
        {
            Note(at, slot);
        }

        if (ours.Count != _counts[^1].Slots)
        {
            _counts.Add((world.Time.Now, ours.Count));
        }

        var keys = ours.Select(slot => slot.Key).ToHashSet();
        foreach (var tenure in _tenures.Values.Where(tenure => !keys.Contains(tenure.Slot)).ToList())
        {
            NoteGone(at, tenure);
            _tenures.Remove(tenure.Slot);
        }
    }

    /// <summary>
    /// A sale has taken a step: at its end, what it says of missed proofs is what the contract says. The last one, which
    /// takes the slot away, the contract does not tell.
    /// </summary>
    public void Note(SaleStep step)
    {
        if (step.End is null)
        {
            return;
        }

        var slot = step.Sale.Slot;
        var lost = _lost.Remove(slot, out var gone) ? gone : null;
        var record = world.Chain.Contract.FindSlot(slot);
        var counted = lost?.Missed
            ?? (record is { } known && known.Host == World.Us ? known.MissedProofs : default(int?));
        if (counted is { } missed && missed != step.MissedProofs
            && !(lost is not null && (lost.IsExcused || missed - 1 == step.MissedProofs)))
        {
            world.Verdict.Break(
                "missed told",
                $"Sale {step.Sale.Number} of {world.Names.Of(slot)} ended with {step.MissedProofs} missed proofs; the "
                + $"contract counted {missed}.");
        }
    }

    // The newest blocks were replaced: what is different now, nobody could help.
    private void NoteReplaced()
    {
        ReplacedLast = world.Time.Now;
        foreach (var tenure in _tenures.Values)
        {
            tenure.Forget();
        }
    }

    private void Note(BlockStamp at, ContractSlot slot)
    {
        if (!_tenures.TryGetValue(slot.Key, out var tenure) || tenure.FilledAt != slot.FilledAt)
        {
            _tenures[slot.Key] = tenure = new Tenure(slot.Key, slot.FilledAt, slot.FirstPeriod)
            {
                Begin = world.Time.Now,
                Missed = slot.MissedProofs,
            };
        }

        var period = at.Time.Value / PeriodSeconds;
        if (slot.MissedProofs > tenure.Missed)
        {
            NoteMissed(tenure, period - 1);
        }

        tenure.Missed = slot.MissedProofs;
        if (slot.StateAt(at.Time) == SlotState.Filled
            && world.Chain.Contract.FindProofDemand(at, slot.Key) is { } demand)
        {
            tenure.Note(new Tenure.Look(
                world.Time.Now, period, demand.IsRequired || demand.WillBeRequired, demand.Challenge));
        }

        CheckAttended(tenure);
    }

    private void NoteGone(BlockStamp at, Tenure tenure)
    {
        var state = world.Chain.Contract.GetSlotState(at.Time, tenure.Slot);
        if (_isReplaced || state is SlotState.Paid || world.Chain.Contract.FindRequest(tenure.Slot.RequestId) is null)
        {
            return;
        }

        // In repair, or in the same block somebody else's.
        if (world.Chain.GetHost(tenure.Slot) != World.Us && state is not (SlotState.Failed or SlotState.Free))
        {
            if (tenure.Missed < world.Chain.Options.MaxSlashes - 1)
            {
                world.Verdict.Break(
                    "collateral kept",
                    $"{world.Names.Of(tenure.Slot)} was freed while it was filled: all its collateral is lost.");
            }

            NoteMissed(tenure, (at.Time.Value / PeriodSeconds) - 1);
            if (tenure.Begin > Silence.Since && world.Time.Now < Silence.Until
                && FillToldAt.GetValueOrDefault(tenure.Slot) < tenure.Begin)
            {
                NeverHeardOf.Add(tenure.Slot);
            }

            tenure.Missed++;
            _lost[tenure.Slot] = tenure;
        }
    }

    private void NoteMissed(Tenure tenure, ulong period)
    {
        LostLast = world.Time.Now;
        world.Story.Tell("chain", world.Names.Of(tenure.Slot), $"missed proof of period {period}");
        var begin = tenure.BeginOf(period) ?? world.Time.Now;
        tenure.IsExcused = _isReplaced || IsHinderedSince(begin) || tenure.UnansweredSince(begin) > MostUnanswered || IsFillUnheard(tenure, period, begin);
        if (!tenure.IsExcused && tenure.CouldBeProved(period, NeedForProof(begin), world.Scenario.Settings.Market.NodesBehind.Min()))
        {
            world.Verdict.Break(
                "collateral kept",
                $"{world.Names.Of(tenure.Slot)} lost collateral for period {period}, which left time for a proof: its "
                + $"first block came at {begin:HH:mm:ss.f}.");
        }
    }

    // A slot that is ours has a sale within a period, unless something stands in the way.
    private void CheckAttended(Tenure tenure)
    {
        if (world.Process is not { } process || process.Inspector.SaleOf(tenure.Slot) is not null
            || world.IsLostByLag(tenure.Slot) || IsDeafSince(world.Time.Now))
        {
            tenure.UnattendedSince = null;
            return;
        }

        tenure.UnattendedSince ??= world.Time.Now;
        var patience = TimeSpan.FromSeconds(PeriodSeconds) + Lag + Slack + StartUp
            + (2 * TimeSpan.FromSeconds(world.Chain.Options.BlockSeconds));
        if (world.Time.Now - tenure.UnattendedSince > patience)
        {
            world.Verdict.Break(
                "looked after",
                $"{world.Names.Of(tenure.Slot)} is ours on the chain, and has no sale since "
                + $"{tenure.UnattendedSince:HH:mm:ss}.");
        }
    }

    // What is sent lands in the first block after that.
    private TimeSpan NeedForProof(DateTimeOffset begin)
    {
        var settings = world.Scenario.Settings;
        var slots = _counts.Skip(_counts.FindLastIndex(count => count.At <= begin)).Max(count => count.Slots);
        var rounds = (slots + Selling.MaxProofsAtOnce - 1) / Selling.MaxProofsAtOnce;
        return Slack + (4 * settings.Market.CallLatency) + (Math.Max(1, rounds) * settings.ProofTime)
            + settings.Market.TransactionLatency + settings.WriteTime;
    }

    // The program can't look after what it can't know of yet.
    private bool IsFillUnheard(Tenure tenure, ulong period, DateTimeOffset begin) =>
        period <= tenure.FirstPeriod + 2
        && !(FillToldAt.TryGetValue(tenure.Slot, out var told) && told < begin);

    private bool IsHinderedSince(DateTimeOffset moment) => IsDeafSince(moment)
        || WasTroubled(Port.Transactions, Selling.TransactionDeadline + Selling.LongestRetryDelay, moment)
        || WasTroubled(Port.Prover, Selling.ProveDeadline + Selling.LongestRetryDelay, moment);

    // Also what went on until shortly before, as long as a call may hang that was made then.
    private bool IsDeafSince(DateTimeOffset moment) =>
        world.Process is null
        || DownUntil + StartUp + Selling.AnswerDeadline > moment
        || Silence.Until + Selling.AnswerDeadline + Selling.LongestRetryDelay > moment
        || WasTroubled(Port.Questions, Selling.AnswerDeadline + Selling.LongestRetryDelay, moment)
        || WasTroubled(Port.Store, Selling.StorageDeadline + Selling.LongestRetryDelay, moment);

    private bool WasTroubled(Port port, TimeSpan afterwards, DateTimeOffset moment) =>
        troubles.LastOf(port) is { } last && last + afterwards > moment;
}
