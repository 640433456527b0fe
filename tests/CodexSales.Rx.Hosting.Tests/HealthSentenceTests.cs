using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Health;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>Whether the host is selling, and if not why.</summary>
public sealed class HealthSentenceTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_000);
    private static readonly BlockStamp _block = new(312, new UnixSeconds(992));
    private static readonly IntakeHealth _upToDate = new("node", 0, _block, _block, null, 0, null);
    private static readonly SalesHealth _selling = new()
    {
        At = _now,
        Head = _block,
        SinceHead = TimeSpan.FromSeconds(8),
        Workers = new WorkerStatus(3, 3, IsPaused: false, Idle: null, OldestTicket: null),
        Queued = 12,
        OpenSlots = 40,
        Hosted = 4,
        ProofsPerPeriod = 16,
        MissedProofs = 0,
        FailingPorts = [],
        Refused = new Dictionary<RefusalReason, long>(),
        Books = new SalesTotals(0, 0, 0, 0, 0, 0, 0, 0, 0),
    };

    private const string End = " Queued: 12, hosted: 4; the newest block, 312, is 8 s old.";

    [Fact]
    public void All_workers_are_busy() => Assert.Equal(
        "Selling: 3 of 3 workers busy." + End, Sentence(_upToDate, _selling));

    [Fact]
    public void A_queued_slot_waits_long() => Assert.Equal(
        "Selling: 3 of 3 workers busy, and a queued slot has waited 94 s for its turn." + End,
        Sentence(_upToDate, _selling with { Workers = new(3, 3, IsPaused: false, Idle: null, _now.AddSeconds(-94)) }));

    [Fact]
    public void One_worker_has_nothing_to_do() => Assert.Equal(
        "Selling: 2 of 3 workers busy; none of 40 open slots is taken by an availability "
            + "(refused so far: 9 price too low, 2 too large)." + End,
        Sentence(_upToDate, _selling with
        {
            Workers = new WorkerStatus(2, 3, IsPaused: false, IdleReason.QueueIsEmpty, null),
            Refused = new Dictionary<RefusalReason, long>
            {
                [RefusalReason.TooLarge] = 2, [RefusalReason.PriceTooLow] = 9,
            },
        }));

    [Fact]
    public void What_costs_money_comes_first() => Assert.Equal(
        "2 proofs of hosted slots were missed, which costs collateral: is the prover fast enough, and the node in sync? "
            + "Proving failed 3 times since 1970-01-01 00:15:00Z: The program ended with 1. "
            + "Waiting: proofs were missed, and nothing new is begun until three periods went without that." + End,
        Sentence(_upToDate, _selling with
        {
            Workers = new WorkerStatus(0, 3, IsPaused: false, IdleReason.ProofsAreMissed, null),
            MissedProofs = 2,
            FailingPorts = [new FailingPort(HostPort.Prover, 3, "The program ended with 1.", _now.AddSeconds(-100))],
        }));

    [Fact]
    public void The_host_app_holds_new_sales() => Assert.StartsWith(
        "Waiting: nothing new is begun: the disk is nearly full. ",
        Sentence(_upToDate, _selling with
        {
            Workers = new WorkerStatus(0, 3, IsPaused: false, IdleReason.Held, null)
            {
                HeldBecause = "the disk is nearly full.",
            },
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(IdleReason.Paused, 40, "Waiting: new sales are paused.")]
    [InlineData(IdleReason.NoWorkers, 40, "Waiting: no worker may be busy.")]
    [InlineData(IdleReason.QueueIsEmpty, 0, "Waiting: no slot is open on the market.")]
    [InlineData(IdleReason.QueueIsEmpty, 40, "Waiting: none of 40 open slots is taken by an availability.")]
    [InlineData(
        IdleReason.OnlyDeferredSlots,
        40,
        "Waiting: all that is queued was given up for want of space or collateral, and waits for an availability to "
            + "change.")]
    [InlineData(IdleReason.PastIsBeingTold, 40, "Waiting: the events of the past are being read.")]
    [InlineData(
        IdleReason.ProofsAreMissed,
        40,
        "Waiting: proofs were missed, and nothing new is begun until three periods went without that.")]
    [InlineData(
        IdleReason.PortsFail,
        40,
        "Waiting: what a sale needs has failed again and again, and only one at a time tries whether it works again.")]
    [InlineData(
        IdleReason.ProofsTakeTooLong,
        40,
        "Waiting: 16 proofs can be made in a period, by how long they take and how many were made at once: a faster prover could host more.")]
    public void No_worker_has_anything_to_do(IdleReason idle, int openSlots, string sentence) => Assert.StartsWith(
        sentence,
        Sentence(_upToDate, _selling with
        {
            Workers = new WorkerStatus(0, 3, IsPaused: false, idle, null), OpenSlots = (uint)openSlots,
        }),
        StringComparison.Ordinal);

    [Fact]
    public void The_chain_is_not_up_to_date() => Assert.Equal(
        "Not up to date: There was no new block for 94 s. The newest block, 312, is 8 s old.",
        Sentence(_upToDate with { Problem = "There was no new block for 94 s." }, _selling));

    [Fact]
    public void No_block_was_seen() => Assert.Equal(
        "Not up to date: No block was read yet. No block was seen yet.",
        Sentence(new IntakeHealth("node", 0, null, null, null, 0, "No block was read yet."), _selling));

    [Fact]
    public void The_past_is_being_read() => Assert.Equal(
        "Reading what happened before: 25 % of the blocks from 1 to 100, 523 events so far.",
        Sentence(_upToDate with { Told = null, Progress = new IntakeProgress(1, 100, 26, 523) }, _selling));

    private static string Sentence(IntakeHealth chain, SalesHealth sales) => new HealthSentence(_now, chain, sales).ToString();
}
