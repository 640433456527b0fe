using CodexSales.Rx.Domain;
using CodexSales.Rx.Health;
using CodexSales.Rx.Market;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing;
using CodexSales.Rx.Time;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Tests.Availabilities;
using CodexSales.Rx.Working;
using State = CodexSales.Rx.Selling.SaleStateName;

namespace CodexSales.Rx.Tests.Working;

/// <summary>When nothing new is begun.</summary>
public sealed class CautionTests
{
    private readonly ToldBlocks _told = new() { PeriodSeconds = 120 };
    private readonly Caution _caution;

    public CautionTests() => _caution = new Caution(
        _told, new PortWatch(new VirtualTime()), new SellingOptions { MaxProofsAtOnce = 2 });

    [Theory]
    [InlineData(30, 6)] // Two at once, three times between the first of the period's blocks and the one before the last.
    [InlineData(40, 4)]
    [InlineData(97, 0)]
    public void As_many_slots_are_hosted_as_can_be_proved_between_the_first_block_of_a_period_and_the_one_before_the_last(
        int proofSeconds, int slots)
    {
        TellBlocksOf(seconds: 12);

        _caution.NoteProof(TimeSpan.FromSeconds(proofSeconds));

        Assert.Equal(slots, _caution.Capacity);
        Assert.Equal(IdleReason.ProofsTakeTooLong, _caution.WhyNot(busy: Math.Max(1, slots)));
        Assert.Null(_caution.WhyNot(busy: Math.Max(1, slots) - 1));
    }

    [Fact]
    public void A_proof_that_was_slow_once_is_forgotten_after_sixteen_others()
    {
        _caution.NoteProof(TimeSpan.FromHours(1));
        Assert.Equal(0, _caution.Capacity);

        for (var proof = 0; proof < 16; proof++)
        {
            _caution.NoteProof(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(24, _caution.Capacity);
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

    private static SaleStep Step(State state, int missed) => new(
        default,
        new Sale(1, new OpenSlot(SmallTerms.All[0], 0, default)),
        state,
        missed,
        state is State.SaleUnknown or State.SaleProving or State.SalePayout ? null : new SaleEnd(SaleReason.Paid, "", UInt256.Zero, UInt256.Zero));

    private void TellBlocksOf(ulong seconds)
    {
        for (var number = 1UL; number < 5; number++)
        {
            _told.TellHead(new BlockStamp(number, new UnixSeconds(1_000_000 + (number * seconds))));
        }
    }
}
