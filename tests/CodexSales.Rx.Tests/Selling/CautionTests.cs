using CodexSales.Rx.Tests.Availabilities;

namespace CodexSales.Rx.Tests.Selling;

/// <summary>When nothing new is begun.</summary>
public sealed class CautionTests
{
    private readonly ToldBlocks _told = new() { PeriodSeconds = 120 };
    private readonly VirtualTime _time = new();
    private readonly ProverPace _pace;
    private readonly PortWatch _ports;
    private readonly Caution _caution;

    public CautionTests()
    {
        var options = new SellingOptions { MaxProofsAtOnce = 2 };
        _pace = new ProverPace(_told, options, _time);
        _ports = new PortWatch(_time);
        _caution = new Caution(_told, _pace, _ports, options);
    }

    [Theory]
    [InlineData(30, 3)] // Three times between the first of the period's blocks and the one before the last.
    [InlineData(40, 2)]
    [InlineData(97, 0)]
    public void As_many_slots_are_hosted_as_can_be_proved_between_the_first_block_of_a_period_and_the_one_before_the_last(
        int proofSeconds, int slots)
    {
        TellBlocksOf(seconds: 12);

        Prove(proofSeconds);

        Assert.Equal(slots, _pace.ProofsPerPeriod);
        Assert.Equal(IdleReason.ProofsTakeTooLong, _caution.WhyNot(busy: Math.Max(1, slots)));
        Assert.Null(_caution.WhyNot(busy: Math.Max(1, slots) - 1));
    }

    [Fact]
    public void Slots_that_want_few_proofs_are_hosted_in_greater_number()
    {
        TellBlocksOf(seconds: 12);
        Prove(9);
        Assert.Equal(10, _pace.ProofsPerPeriod);

        // On average 1.5 of 100 want one in a period, and hardly ever more than seven.
        for (var sale = 0; sale < 100; sale++)
        {
            _caution.Note(Step(State.SaleProving, missed: 0, number: sale, oneIn: 100));
        }

        Assert.Null(_caution.WhyNot(busy: 2));
        Assert.Equal(IdleReason.ProofsTakeTooLong, _caution.WhyNot(busy: 3));
        for (var sale = 0; sale < 100; sale++)
        {
            _caution.Note(Step(State.SalePayout, missed: 0, number: sale, oneIn: 100));
        }

        Assert.Null(_caution.WhyNot(busy: 9));
    }

    [Fact]
    public void A_slot_that_is_about_to_be_filled_takes_up_room_and_is_not_hosted_yet()
    {
        TellBlocksOf(seconds: 12);
        Prove(60);
        Assert.True(_caution.HasRoom);

        _caution.Note(Step(State.SaleFilling, missed: 0));

        Assert.False(_caution.HasRoom);
        Assert.Equal(0, _caution.Hosted);
    }

    [Fact]
    public void After_a_restart_one_sale_at_a_time_begins_until_it_is_known_how_long_proofs_take()
    {
        Assert.Null(_caution.WhyNot(busy: 2));

        _caution.Note(Step(State.SaleProving, missed: 0));

        Assert.Null(_caution.WhyNot(busy: 0));
        Assert.Equal(IdleReason.ProofsTakeTooLong, _caution.WhyNot(busy: 1));
        Prove(10);
        Assert.Null(_caution.WhyNot(busy: 1));
    }

    [Fact]
    public void A_proof_that_was_missed_long_ago_is_not_missed_anew_when_its_sale_ends()
    {
        _told.TellHead(new BlockStamp(1, new UnixSeconds(1_000_000)));
        _caution.Note(Step(State.SaleProving, missed: 0));
        _caution.Note(Step(State.SaleProving, missed: 1));
        Assert.Equal(IdleReason.ProofsAreMissed, _caution.WhyNot(busy: 0));
        _told.TellHead(new BlockStamp(2, new UnixSeconds(1_010_000)));

        _caution.Note(Step(State.SalePayout, missed: 1));
        _caution.Note(Step(State.SaleFinished, missed: 1));

        Assert.Null(_caution.WhyNot(busy: 0));
    }

    [Fact]
    public void What_was_missed_when_the_slot_was_lost_is_missed_as_its_sale_ends()
    {
        _told.TellHead(new BlockStamp(1, new UnixSeconds(1_000_000)));
        _caution.Note(Step(State.SaleProving, missed: 1));
        _told.TellHead(new BlockStamp(2, new UnixSeconds(1_010_000)));

        _caution.Note(Step(State.SaleErrored, missed: 3));

        Assert.Equal(IdleReason.ProofsAreMissed, _caution.WhyNot(busy: 0));
        Assert.Equal((0, 0), (_caution.Hosted, _caution.MissedProofs));
    }

    [Fact]
    public void What_was_missed_while_nothing_ran_is_missed_as_the_sale_goes_on()
    {
        _told.TellHead(new BlockStamp(1, new UnixSeconds(1_000_000)));
        _caution.Note(Step(State.SaleUnknown, missed: 1));
        Assert.Null(_caution.WhyNot(busy: 0));

        _caution.Note(Step(State.SaleProving, missed: 2));

        Assert.Equal(IdleReason.ProofsAreMissed, _caution.WhyNot(busy: 0));
    }

    [Theory]
    [InlineData(HostPort.Transactions, IdleReason.PortsFail)]
    [InlineData(HostPort.Storage, IdleReason.PortsFail)]
    [InlineData(HostPort.Prover, IdleReason.PortsFail)]
    [InlineData(HostPort.Market, null)]
    [InlineData(HostPort.Store, null)]
    public void Three_failures_in_a_row_of_a_port_that_only_new_sales_need_let_nothing_new_begin(HostPort port, IdleReason? why)
    {
        for (var failure = 1; failure < 3; failure++)
        {
            _ports.NoteFailure(port, "is away");
            Assert.Null(_caution.WhyNot(busy: 0));
        }

        _ports.NoteFailure(port, "is away");
        Assert.Equal(why, _caution.WhyNot(busy: 0));

        // After a pause one sale finds out whether it works again, and no second one beside it.
        _time.AdvanceBy(new SellingOptions().SecondTryPause);
        Assert.Null(_caution.WhyNot(busy: 0));
        Assert.Equal(why, _caution.WhyNot(busy: 1));

        _ports.NoteWorks(port);
        Assert.Null(_caution.WhyNot(busy: 1));
    }

    private static SaleStep Step(State state, int missed, long number = 1, ulong oneIn = 1) => new(
        default,
        new Sale(number, new OpenSlot(SmallTerms.All[0] with { Ask = SmallTerms.All[0].Ask with { ProofProbability = oneIn } }, 0, default)),
        state,
        missed,
        state is State.SaleFinished or State.SaleErrored ? new SaleEnd(SaleReason.Paid, "", UInt256.Zero, UInt256.Zero) : null);

    private void Prove(int seconds)
    {
        _pace.Measure(Observable.Timer(TimeSpan.FromSeconds(seconds), _time)).Subscribe();
        _time.AdvanceBy(TimeSpan.FromSeconds(seconds));
    }

    private void TellBlocksOf(ulong seconds)
    {
        for (var number = 1UL; number < 5; number++)
        {
            _told.TellHead(new BlockStamp(number, new UnixSeconds(1_000_000 + (number * seconds))));
        }
    }
}
