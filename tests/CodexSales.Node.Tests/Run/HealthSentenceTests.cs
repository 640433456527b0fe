using CodexSales.Node.Run;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Market;
using CodexSales.Rx.Working;

namespace CodexSales.Node.Tests.Run;

/// <summary>Whether the host is selling, and if not why.</summary>
public sealed class HealthSentenceTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_000);
    private static readonly BlockStamp _block = new(312, new UnixSeconds(992));
    private static readonly IntakeHealth _upToDate = new("node", 0, _block, _block, null, 0, null);
    private static readonly HealthSentence _selling = new()
    {
        Now = _now,
        Chain = _upToDate,
        Workers = new WorkerStatus(3, 3, IsPaused: false, Idle: null, OldestTicket: null),
        Queued = 12,
        OpenSlots = 40,
        Sales = 7,
        Refused = new Dictionary<RefusalReason, int>(),
    };

    private const string End = " Queued: 12, hosted: 4; the newest block, 312, is 8 s old.";

    [Fact]
    public void All_workers_are_busy() => Assert.Equal("Selling: 3 of 3 workers busy." + End, _selling.ToString());

    [Fact]
    public void A_queued_slot_waits_long() => Assert.Equal(
        "Selling: 3 of 3 workers busy, and a queued slot has waited 94 s for its turn." + End,
        Of(new WorkerStatus(3, 3, IsPaused: false, Idle: null, _now.AddSeconds(-94))).ToString());

    [Fact]
    public void One_worker_has_nothing_to_do() => Assert.Equal(
        "Selling: 2 of 3 workers busy; none of 40 open slots is taken by an availability "
            + "(refused so far: 9 price too low, 2 too large). "
            + "Queued: 12, hosted: 5; the newest block, 312, is 8 s old.",
        (Of(new WorkerStatus(2, 3, IsPaused: false, IdleReason.QueueIsEmpty, null)) with
        {
            Refused = new SortedDictionary<RefusalReason, int>
            {
                [RefusalReason.TooLarge] = 2, [RefusalReason.PriceTooLow] = 9,
            },
        }).ToString());

    [Theory]
    [InlineData(IdleReason.Paused, 40, "Waiting: new sales are paused.")]
    [InlineData(IdleReason.NoWorkers, 40, "Waiting: no worker may be busy.")]
    [InlineData(IdleReason.QueueIsEmpty, 0, "Waiting: no slot is open on the market.")]
    [InlineData(IdleReason.QueueIsEmpty, 40, "Waiting: none of 40 open slots is taken by an availability.")]
    [InlineData(
        IdleReason.OnlySeenSlots,
        40,
        "Waiting: all that is queued was given up for want of space or collateral, and waits for an availability to "
            + "change.")]
    public void No_worker_has_anything_to_do(IdleReason idle, int openSlots, string sentence) => Assert.StartsWith(
        sentence,
        (Of(new WorkerStatus(0, 3, IsPaused: false, idle, null)) with { OpenSlots = (uint)openSlots }).ToString(),
        StringComparison.Ordinal);

    [Fact]
    public void The_chain_is_not_up_to_date() => Assert.Equal(
        "Not up to date: There was no new block for 94 s. The newest block, 312, is 8 s old.",
        (_selling with { Chain = _upToDate with { Problem = "There was no new block for 94 s." } }).ToString());

    [Fact]
    public void No_block_was_seen() => Assert.Equal(
        "Not up to date: No block was read yet. No block was seen yet.",
        (_selling with
        {
            Chain = new IntakeHealth("node", 0, null, null, null, 0, "No block was read yet."),
        }).ToString());

    [Fact]
    public void The_past_is_being_read() => Assert.Equal(
        "Reading what happened before: 25 % of the blocks from 1 to 100, 523 events so far.",
        (_selling with
        {
            Chain = _upToDate with { Told = null, Progress = new IntakeProgress(1, 100, 26, 523) },
        }).ToString());

    private static HealthSentence Of(WorkerStatus workers) => _selling with { Workers = workers };
}
