using System.Diagnostics;

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

    private static readonly BlockStamp Block = new(7, new UnixSeconds(50));
    private static readonly ChallengeProof Proof = new(0, default, ScriptedProver.Proof);
    private static readonly Stake Mine = new(Hold, FilledAt: Block.Time, WasMine: true);

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
        new SaleSlotReserving(Sale, Hold),
        new SaleSlotReserving(Sale, Hold, IsAgain: true),
        new SaleDownloading(Sale, Hold),
        new SaleInitialProving(Sale, Hold),
        new SaleFilling(Sale, Hold, Proof),
        new SaleFilled(Sale, new Stake(Hold)),
        new SaleFilled(Sale, Mine),
        new SaleProving(Sale, Mine),
        new SalePayout(Sale, Mine),
        new SaleCancelled(Sale, new Stake(Hold)),
        new SaleCancelled(Sale, Mine),
        new SaleFailed(Sale, new Stake(Hold)),
        new SaleFailed(Sale, Mine),
        new SaleSettling(
            new SaleEnded(Sale, SaleStateName.SaleIgnored, new Stake(Hold), SaleReason.FilledByAnother, "lost")
            {
                Again = RequeuePolicy.AfterPause,
            },
            new Stake(Hold)),
    ];

    private static readonly SaleEvent[] Events =
    [
        .. Enum.GetValues<SlotState>().Select(state => See(state, isMine: true)),
        .. Enum.GetValues<SlotState>().Select(state => See(state, isMine: false)),
        See(SlotState.Free, isMine: false, RequestState.Cancelled),
        See(SlotState.Free, isMine: false, null),
        new EndRemembered(),
        new RequestNotFound(),
        new FundsTooLow("poor"),
        new NothingTakesIt(RefusalReason.TooLarge),
        new ExpiryTooNear(),
        new Prepared(Request, Hold, MayReserve: true),
        new SlotReserved(),
        new ReservationRefused("full"),
        new DataStored(),
        new InitialProofMade(Proof),
        new FillLanded(Block),
        new FillRefused(MarketRefusal.ReservationRequired, "gone"),
        new FillRefused(MarketRefusal.InsufficientFunds, "poor"),
        new FillRefused(MarketRefusal.Other, "odd"),
        new SlotGivenUp(Block, new SlotPayout(10, 1), 0),
        new SlotGivenUp(Block, null, 0),
        new SlotWrittenOff(Block, 0),
        new EndStands(),
        new WorkFailed(SaleReason.DeadlinePassed, "slow"),
        new SlotTaken(Block),
        new RequestTold(Terms.ExpiresAt.Plus(1), Terms.EndsAt.Plus(1)),
        new BlocksReplaced(0),
        new RequestExpiredOnChain(),
        new RequestFailedOnChain(),
        new RequestGoneFromChain(),
    ];

    [Fact]
    public void The_table_of_transitions_in_the_documentation_is_what_the_machine_does() =>
        Approved.Equal("transitions.md", TransitionTable.Of(States, Events));

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
            foreach (var next in Events.Select(happened => TransitionTable.Try(state, happened)).OfType<SaleState>())
            {
                Assert.Equal(Hold, next.Stake.Hold);
            }
        }
    }

    [Fact]
    public void Data_may_be_there_in_every_end_from_downloading_on()
    {
        foreach (var state in States)
        {
            var mayHaveData = state is not (SalePreparing or SaleSlotReserving { IsAgain: false });
            foreach (var end in Events.Select(happened => EndOf(TransitionTable.Try(state, happened))).OfType<SaleEnded>()
                .Where(end => end.Reason is not SaleReason.Paid)) // One that was paid had data, whatever was known of it.
            {
                Assert.Equal(mayHaveData, end.Stake.HasData);
            }
        }
    }

    [Fact]
    public void A_slot_is_given_up_for_good_only_for_reasons_that_do_not_pass()
    {
        var final = from state in States
                    from happened in Events
                    let end = EndOf(TransitionTable.Try(state, happened))
                    where end is { Again: RequeuePolicy.Never }
                    select end.Reason;

        Assert.Equal(
            [
                SaleReason.Paid, SaleReason.TooLate, SaleReason.RequestExpired, SaleReason.RequestFailed, SaleReason.ForcedOut,
                SaleReason.DeadlinePassed,
            ],
            final.Distinct().Order());
    }

    [Fact]
    public void What_may_be_taken_back_with_a_block_ends_no_sale_at_once_that_may_own_the_slot()
    {
        var ends = from state in States
                   where state is SaleFilling or SaleWithStake
                   from happened in Events
                   where TransitionTable.Try(state, happened) is SaleEnded
                   select (state.GetType(), happened.GetType());

        Assert.Equal([(typeof(SaleSettling), typeof(EndStands))], ends.Distinct());
    }

    [Theory]
    [InlineData(7, SaleReason.FilledByAnother, 0)]
    [InlineData(8, SaleReason.ForcedOut, 100)]
    public void A_slot_that_was_ours_only_in_blocks_that_were_replaced_was_never_lost(
        ulong replacedFrom, SaleReason reason, int percentLost)
    {
        SaleEvent[] happened =
        [
            new FillLanded(Block),
            See(SlotState.Filled, isMine: true),
            new BlocksReplaced(replacedFrom),
            See(SlotState.Filled, isMine: false),
        ];

        var state = happened.Aggregate((SaleState)new SaleFilling(Sale, Hold, Proof), SaleMachine.Step);

        var end = Assert.IsType<SaleSettling>(state).End;
        Assert.Equal((reason, Terms.Collateral * (ulong)percentLost / 100), (end.Reason, end.CollateralLost));
    }

    [Fact]
    public void A_sale_whose_availability_is_gone_after_a_restart_is_offered_again()
    {
        var left = new SaleUnknown(Sale, null, Left(SaleStateName.SaleDownloading));

        var end = Assert.IsType<SaleEnded>(SaleMachine.Step(left, See(SlotState.Free, isMine: false)));

        Assert.Equal((SaleReason.NoAvailability, RequeuePolicy.WhenAvailabilityWidens, true), (end.Reason, end.Again, end.Stake.HasData));
    }

    [Fact]
    public void An_end_that_a_restart_interrupted_is_that_end()
    {
        var end = new SaleEnd(SaleReason.ForcedOut, "It was slow.", 5, 6);
        var left = Left(SaleStateName.SaleErrored) with { End = end, HeldIn = Hold.AvailabilityId, MissedProofs = 8 };

        var ended = Assert.IsType<SaleEnded>(SaleMachine.Step(new SaleUnknown(Sale, Hold, left), new EndRemembered()));

        Assert.Equal((left with { End = null }, end), (ended.RecordOf(default), CleanUpOperators.EndOf(ended)));
    }

    [Theory]
    [InlineData(SaleReason.InsufficientFunds, RequeuePolicy.AfterPause)]
    [InlineData(SaleReason.DownloadFailed, RequeuePolicy.AfterPause)]
    [InlineData(SaleReason.NoAvailability, RequeuePolicy.WhenAvailabilityWidens)]
    [InlineData(SaleReason.TransactionRefused, RequeuePolicy.AfterPause)]
    [InlineData(SaleReason.ForcedOut, RequeuePolicy.Never)]
    public void A_slot_whose_sale_ended_before_a_restart_is_tried_again_if_what_was_in_the_way_passes(
        SaleReason reason, object again)
    {
        var left = Left(SaleStateName.SaleErrored) with { End = new SaleEnd(reason, "It was so.", 0, 0) };

        var ended = Assert.IsType<SaleEnded>(SaleMachine.Step(new SaleUnknown(Sale, Hold, left), new EndRemembered()));

        Assert.Equal(again, ended.Again);
    }

    [Fact]
    public void A_slot_that_was_repaired_while_its_sale_was_under_way_pays_for_the_repair()
    {
        var repair = Terms.InRepair(Block.Time, Terms.Collateral / 2);
        var seen = See(SlotState.Filled, isMine: true) with { RepairTerms = repair };

        var proving = Assert.IsType<SaleProving>(SaleMachine.Step(new SaleFilled(Sale, new Stake(Hold)), seen));

        Assert.Equal((true, repair.Collateral), (proving.Sale.Terms.IsRepair, proving.Sale.Terms.Collateral));
    }

    [Fact]
    public void What_was_slashed_is_lost_also_where_nobody_tells_what_the_payout_brought()
    {
        var left = (UInt256)SalesFixture.GiB - 7;
        var mine = See(SlotState.Finished, isMine: true);
        var payout = SaleMachine.Step(
            new SaleProving(Sale, Mine), mine with { View = mine.View with { Collateral = left } });

        var settling = Assert.IsType<SaleSettling>(SaleMachine.Step(payout, See(SlotState.Paid, isMine: true)));

        Assert.Equal((SaleReason.Paid, (UInt256)7), (settling.End.Reason, settling.End.CollateralLost));
    }

    [Fact]
    public void A_slot_whose_request_was_taken_back_with_its_fill_is_not_lost()
    {
        var settling = Assert.IsType<SaleSettling>(
            SaleMachine.Step(new SaleProving(Sale, Mine), See(SlotState.Free, isMine: false, requestState: null)));

        Assert.Equal(
            (SaleReason.RequestUnknown, RequeuePolicy.AfterPause, UInt256.Zero),
            (settling.End.Reason, settling.End.Again, settling.End.CollateralLost));
    }

    [Fact]
    public void What_is_given_back_has_missed_as_many_proofs_as_the_contract_says_by_then()
    {
        var paid = EndOf(SaleMachine.Step(
            new SalePayout(Sale, Mine), new SlotGivenUp(Block, new SlotPayout(10, 1), MissedProofs: 3)));
        var failed = EndOf(SaleMachine.Step(new SaleFailed(Sale, Mine), new SlotWrittenOff(Block, MissedProofs: 2)));

        Assert.Equal((3, 2), (paid!.Stake.MissedProofs, failed!.Stake.MissedProofs));
    }

    [Fact]
    public void A_sale_whose_request_the_chain_has_forgotten_after_a_restart_is_errored()
    {
        var left = new SaleUnknown(Sale, Hold, Left(SaleStateName.SaleDownloading));

        var end = Assert.IsType<SaleEnded>(SaleMachine.Step(left, See(SlotState.Free, isMine: false, null)));

        Assert.Equal((SaleReason.RequestUnknown, RequeuePolicy.AfterPause), (end.Reason, end.Again));
    }

    [Fact]
    public void Collateral_that_does_not_come_back_is_told()
    {
        var whole = Terms.Ask.TryGetSlotCollateral(out var collateral) ? collateral : UInt256.Zero;
        var slashed = SaleMachine.Step(new SalePayout(Sale, Mine), new SlotGivenUp(Block, new SlotPayout(10, whole - 3), 0));
        var lost = SaleMachine.Step(new SaleProving(Sale, Mine), See(SlotState.Repair, isMine: false));
        var freedWhileFilled = SaleMachine.Step(new SalePayout(Sale, Mine), new SlotGivenUp(Block, null, 0));
        var failed = SaleMachine.Step(new SaleFailed(Sale, Mine), new SlotWrittenOff(Block, 0));
        var untouched = SaleMachine.Step(new SaleFailed(Sale, new Stake(Hold)), See(SlotState.Failed, isMine: false));

        Assert.Equal(
            [3, Terms.Collateral, Terms.Collateral, Terms.Collateral, UInt256.Zero],
            new[] { slashed, lost, freedWhileFilled, failed, untouched }.Select(end => EndOf(end)!.CollateralLost));
    }

    [Theory]
    [InlineData(SlotState.Filled)]
    [InlineData(SlotState.Free)]
    [InlineData(SlotState.Finished)]
    public void A_fill_that_was_taken_back_with_its_block_costs_nothing(SlotState state)
    {
        var requestState = state is SlotState.Free ? RequestState.Cancelled : RequestState.Started;
        var seen = See(state, isMine: false, requestState) with { IsNeverFreed = true };

        var end = EndOf(SaleMachine.Step(new SaleProving(Sale, Mine with { MissedProofs = 1 }), seen))!;

        Assert.Equal((UInt256.Zero, 0, null), (end.CollateralLost, end.Stake.MissedProofs, end.Stake.FilledAt));
        Assert.NotEqual(SaleReason.ForcedOut, end.Reason);
    }

    [Fact]
    public void The_reward_is_earned_and_the_collateral_is_not()
    {
        var end = EndOf(SaleMachine.Step(new SalePayout(Sale, Mine), new SlotGivenUp(Block, new SlotPayout(10, 1), 0)));

        Assert.Equal((UInt256)10, end!.Earned);
    }

    [Fact]
    public void A_slot_that_was_lost_has_missed_as_many_proofs_as_cost_it()
    {
        var end = EndOf(SaleMachine.Step(new SaleProving(Sale, Mine), See(SlotState.Repair, isMine: false)));

        Assert.Equal((SaleReason.ForcedOut, 5), (end!.Reason, end.Stake.MissedProofs));
    }

    [Fact]
    public void An_end_is_final()
    {
        var end = EndOf(SaleMachine.Step(new SalePayout(Sale, Mine), new SlotGivenUp(Block, new SlotPayout(10, 1), 0)))!;

        Assert.All(Events, happened => Assert.Throws<UnreachableException>(() => SaleMachine.Step(end, happened)));
    }

    private static SlotSeen See(SlotState state, bool isMine) => See(state, isMine, state switch
    {
        SlotState.Free => RequestState.New,
        SlotState.Finished or SlotState.Paid => RequestState.Finished,
        SlotState.Failed => RequestState.Failed,
        SlotState.Cancelled => RequestState.Cancelled,
        _ => RequestState.Started,
    });

    private static SlotSeen See(SlotState state, bool isMine, RequestState? requestState) => new(
        new SlotView
        {
            AsOf = Block,
            State = state,
            Host = isMine ? SalesFixture.Us : null,
            RequestState = requestState,
            Demand = null,
            Collateral = 1,
            MissedProofs = 2,
        },
        isMine,
        MissedIfLost: 5)
    {
        Request = requestState is null ? null : Request,
    };

    private static SaleEnded? EndOf(SaleState? state) => state as SaleEnded ?? (state as SaleSettling)?.End;

    private static IEnumerable<string> CasesOf<T>() => typeof(T).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsNested && !type.IsAbstract)
        .Select(type => type.Name)
        .Order();

    private static IEnumerable<string> NamesOf<T>(IEnumerable<T> cases) =>
        cases.Select(each => each!.GetType().Name).Distinct().Order();
}
