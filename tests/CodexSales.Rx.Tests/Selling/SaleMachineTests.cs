using System.Diagnostics;
using System.Text;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Storing;
using CodexSales.Rx.Tests.Pipeline;

namespace CodexSales.Rx.Tests.Selling;

public sealed class SaleMachineTests
{
    private static readonly SlotTerms Terms = new()
    {
        RequestId = default,
        Ask = SalesFixture.Ask(price: 1),
        Reward = 1,
        Collateral = 1,
        ExpiresAt = new UnixSeconds(100),
        EndsAt = new UnixSeconds(200),
    };

    private static readonly Sale Sale = new(1, new OpenSlot(Terms, 0, default));
    private static readonly Hold Hold = new(1, new AvailabilityId("v1"), Sale.Slot, 1, 0, 1);

    private static readonly StorageRequest Request = new()
    {
        Client = default,
        Ask = Terms.Ask,
        Cid = [1],
        MerkleRoot = default,
        ExpirySeconds = 100,
        Nonce = default,
    };

    private static SaleRecord Left(SaleStateName state) => new()
    {
        Number = 1,
        Terms = Terms,
        SlotIndex = 0,
        State = state,
        StartedAt = default,
        At = default,
    };

    // In the order of a sale's life.
    private static readonly SaleState[] States =
    [
        new SaleUnknown(Sale, Hold),
        .. new[]
        {
            SaleStateName.SaleSlotReserving, SaleStateName.SaleDownloading, SaleStateName.SaleInitialProving,
            SaleStateName.SaleFilling, SaleStateName.SaleFilled, SaleStateName.SaleProving, SaleStateName.SalePayout,
            SaleStateName.SaleCancelled, SaleStateName.SaleFailed,
        }.Select(left => new SaleUnknown(Sale, Hold, Left(left))),
        new SaleUnknown(Sale, Hold, Left(SaleStateName.SaleErrored) with
        {
            End = new SaleEnd(SaleReason.ForcedOut, "It was slow.", 1, 2),
        }),
        new SalePreparing(Sale),
        new SaleSlotReserving(Sale, Request, Hold),
        new SaleDownloading(Sale, Request, Hold),
        new SaleInitialProving(Sale, Hold),
        new SaleFilling(Sale, Hold, ScriptedProver.Proof),
        new SaleFilled(Sale, Hold),
        new SaleProving(Sale, Hold),
        new SalePayout(Sale, Hold),
        new SaleCancelled(Sale, Hold),
        new SaleFailed(Sale, Hold),
    ];

    private static readonly SaleEvent[] Events =
    [
        .. Enum.GetValues<SlotState>().Select(state => new SlotStateFound(state)),
        .. Enum.GetValues<SlotState>().Select(state => new SlotFound(state, IsMine: true, Request)),
        .. Enum.GetValues<SlotState>().Select(state => new SlotFound(state, IsMine: false, Request)),
        new EndRemembered(),
        new RequestNotFound(),
        new FundsTooLow("poor"),
        new NothingTakesIt(RefusalReason.TooLarge),
        new ExpiryTooNear(),
        new Prepared(Request, Hold),
        new SlotReserved(),
        new ReservationRefused("full"),
        new DataStored(),
        new InitialProofMade(ScriptedProver.Proof),
        new FillLanded(),
        new FillLanded(new UnixSeconds(5)),
        new FillRefused(MarketRefusal.SlotNotFree, "taken"),
        new FillRefused(MarketRefusal.InsufficientFunds, "poor"),
        new FillRefused(MarketRefusal.UnknownRequest, "gone"),
        new FillRefused(MarketRefusal.InvalidProof, "wrong"),
        new HostFound(IsMe: true),
        new HostFound(IsMe: false),
        new ProofMissed(7),
        new SlotGivenUp(new SlotPayout(10, 1)),
        new SlotGivenUp(null),
        new WorkFailed(SaleReason.DeadlinePassed, "slow"),
        new SlotTaken(),
        new RequestTold(Terms.ExpiresAt.Plus(1), Terms.EndsAt.Plus(1)),
        new RequestExpiredOnChain(),
        new RequestFailedOnChain(),
        new RequestGoneFromChain(),
    ];

    [Fact]
    public void The_table_of_transitions_in_the_documentation_is_what_the_machine_does() =>
        Approved.Equal("transitions.md", Table());

    [Fact]
    public void Every_state_and_every_event_is_in_the_table()
    {
        Assert.Equal(CasesOf<SaleState>().Except([nameof(SaleEnded)]), NamesOf(States));
        Assert.Equal(CasesOf<SaleEvent>(), NamesOf(Events));
    }

    [Fact]
    public void What_is_held_stays_held_until_the_end_says_so()
    {
        foreach (var state in States.Where(state => state is not SalePreparing))
        {
            foreach (var next in Events.Select(happened => Try(state, happened)).OfType<SaleState>())
            {
                Assert.Equal(Hold, next.GetType().GetProperty("Hold")!.GetValue(next));
            }
        }
    }

    [Fact]
    public void Data_may_be_there_in_every_end_from_downloading_on()
    {
        foreach (var state in States)
        {
            var mayHaveData = state is not (SalePreparing or SaleSlotReserving);
            foreach (var end in Events.Select(happened => Try(state, happened)).OfType<SaleEnded>())
            {
                Assert.Equal(mayHaveData, end.HasData);
            }
        }
    }

    [Fact]
    public void A_slot_is_tried_again_when_what_was_in_the_way_may_pass()
    {
        var tried = from state in States
                    from happened in Events
                    let end = Try(state, happened) as SaleEnded
                    where end is not null && end.Again != SecondTry.Never
                    select (state.Name, happened.GetType(), end.Again);

        Assert.Equal(
            [
                (SaleStateName.SalePreparing, typeof(RequestNotFound), SecondTry.AfterPause),
                (SaleStateName.SalePreparing, typeof(FundsTooLow), SecondTry.AfterPause),
                (SaleStateName.SalePreparing, typeof(NothingTakesIt), SecondTry.WhenAvailabilityWidens),
                (SaleStateName.SalePreparing, typeof(RequestGoneFromChain), SecondTry.AfterPause),
                (SaleStateName.SaleSlotReserving, typeof(RequestNotFound), SecondTry.AfterPause),
                (SaleStateName.SaleSlotReserving, typeof(RequestGoneFromChain), SecondTry.AfterPause),
                (SaleStateName.SaleDownloading, typeof(RequestGoneFromChain), SecondTry.AfterPause),
                (SaleStateName.SaleInitialProving, typeof(RequestGoneFromChain), SecondTry.AfterPause),
                (SaleStateName.SaleFilling, typeof(FillRefused), SecondTry.AfterPause),
                (SaleStateName.SaleFilling, typeof(RequestGoneFromChain), SecondTry.AfterPause),
            ],
            tried);
    }

    [Fact]
    public void A_sale_whose_availability_is_gone_after_a_restart_is_offered_again()
    {
        var left = new SaleUnknown(Sale, null, Left(SaleStateName.SaleDownloading));

        var end = Assert.IsType<SaleEnded>(SaleMachine.Step(left, new SlotFound(SlotState.Free, IsMine: false, Request)));

        Assert.Equal((SaleReason.NoAvailability, SecondTry.WhenAvailabilityWidens, true), (end.Reason, end.Again, end.HasData));
    }

    [Fact]
    public void An_end_that_a_restart_interrupted_is_that_end()
    {
        var end = new SaleEnd(SaleReason.ForcedOut, "It was slow.", 5, 6);
        var left = Left(SaleStateName.SaleErrored) with { End = end, HeldIn = Hold.AvailabilityId, MissedProofs = 8 };

        var ended = Assert.IsType<SaleEnded>(SaleMachine.Step(new SaleUnknown(Sale, Hold, left), new EndRemembered()));

        Assert.Equal((left with { End = null }, end), (ended.RecordOf(default), CleanUpOperators.EndOf(ended)));
    }

    [Fact]
    public void A_sale_whose_request_the_chain_has_forgotten_after_a_restart_is_errored()
    {
        var left = new SaleUnknown(Sale, Hold, Left(SaleStateName.SaleDownloading));

        var end = Assert.IsType<SaleEnded>(SaleMachine.Step(left, new SlotFound(SlotState.Free, IsMine: false, null)));

        Assert.Equal((SaleReason.RequestUnknown, SecondTry.AfterPause), (end.Reason, end.Again));
    }

    [Fact]
    public void Collateral_that_does_not_come_back_is_told()
    {
        var whole = Terms.Ask.TryGetSlotCollateral(out var collateral) ? collateral : UInt256.Zero;
        var slashed = SaleMachine.Step(new SalePayout(Sale, Hold), new SlotGivenUp(new SlotPayout(10, whole - 3)));
        var lost = SaleMachine.Step(new SaleProving(Sale, Hold), new SlotStateFound(SlotState.Repair));
        var failed = SaleMachine.Step(new SaleFailed(Sale, Hold), new SlotGivenUp(null));
        var untouched = SaleMachine.Step(new SaleFailed(Sale, Hold), new HostFound(IsMe: false));

        Assert.Equal(
            [3, Terms.Collateral, Terms.Collateral, UInt256.Zero],
            new[] { slashed, lost, failed, untouched }.Select(end => ((SaleEnded)end).CollateralLost));
    }

    [Fact]
    public void The_reward_is_earned_and_the_collateral_is_not()
    {
        var end = Assert.IsType<SaleEnded>(SaleMachine.Step(new SalePayout(Sale, Hold), new SlotGivenUp(new SlotPayout(10, 1))));

        Assert.Equal((UInt256)10, end.Earned);
    }

    [Fact]
    public void An_end_is_final()
    {
        var end = SaleMachine.Step(new SalePayout(Sale, Hold), new SlotGivenUp(null));

        Assert.All(Events, happened => Assert.Throws<UnreachableException>(() => SaleMachine.Step(end, happened)));
    }

    private static IEnumerable<string> CasesOf<T>() => typeof(T).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsNested)
        .Select(type => type.Name)
        .Order();

    private static IEnumerable<string> NamesOf<T>(IEnumerable<T> cases) =>
        cases.Select(each => each!.GetType().Name).Distinct().Order();

    private static SaleState? Try(SaleState state, SaleEvent happened)
    {
        try
        {
            return SaleMachine.Step(state, happened);
        }
        catch (UnreachableException)
        {
            return null;
        }
    }

    private static string Table()
    {
        var table = new StringBuilder()
            .AppendLine("# Transitions of a sale")
            .AppendLine()
            .AppendLine("Generated from `SaleMachine`; a test compares. An event that is not listed for a state can't happen there: the machine")
            .AppendLine("throws, and that ends the pipeline.")
            .AppendLine()
            .AppendLine("| state | event | next |")
            .AppendLine("| --- | --- | --- |");
        foreach (var state in States)
        {
            foreach (var happened in Events)
            {
                if (Try(state, happened) is { } next)
                {
                    table.AppendLine($"| {Describe(state)} | {Describe(happened)} | {Describe(state, next)} |");
                }
            }
        }

        return table.ToString();
    }

    private static string Describe(SaleState state) =>
        state is not SaleUnknown { Left: { } left } ? state.Name.ToString()
        : left.End is null ? $"{state.Name}, left in {left.State}"
        : $"{state.Name}, ended as {left.State}";

    private static string Describe(SaleEvent happened) => happened switch
    {
        SlotFound found => $"SlotFound {found.State}, {(found.IsMine ? "mine" : "not mine")}",
        SlotStateFound found => $"SlotStateFound {found.State}",
        FillLanded landed => landed.At is null ? "FillLanded" : "FillLanded, our own",
        FillRefused refused => $"FillRefused {refused.Refusal}",
        HostFound found => found.IsMe ? "HostFound me" : "HostFound another",
        SlotGivenUp given => given.Payout is null ? "SlotGivenUp" : "SlotGivenUp with payout",
        _ => happened.GetType().Name,
    };

    private static string Describe(SaleState state, SaleState next) =>
        next is SaleEnded end ? $"end: {end.Name}, {end.Reason}{Describe(end.Again)}"
        : next.Name == state.Name ? "stays"
        : next.Name.ToString();

    private static string Describe(SecondTry again) => again switch
    {
        SecondTry.WhenAvailabilityWidens => ", again when an availability widens",
        SecondTry.AfterPause => ", again after a pause",
        _ => "",
    };
}
