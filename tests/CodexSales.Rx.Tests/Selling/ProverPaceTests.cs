namespace CodexSales.Rx.Tests.Selling;

/// <summary>How many proofs a prover is believed to make: periods of 120 s, blocks of 12 s, so 96 s for proofs.</summary>
public sealed class ProverPaceTests
{
    private readonly VirtualTime _time = new();
    private readonly ProverPace _pace;
    private readonly List<TimeSpan> _made = [];
    private readonly List<string> _slow = [];
    private DateTimeOffset _free;

    public ProverPaceTests()
    {
        var told = new ToldBlocks { PeriodSeconds = 120 };
        for (var number = 1UL; number < 5; number++)
        {
            told.TellHead(new BlockStamp(number, new UnixSeconds(1_000_000 + (number * 12))));
        }

        _pace = new ProverPace(
            told, new SellingOptions { MaxProofsAtOnce = 8 }, _time, _made.Add, (what, isGivenUp) => _slow.Add($"{what} {isGivenUp}"));
    }

    [Fact]
    public void Nothing_is_known_before_the_first_proof_or_where_none_takes_any_time()
    {
        Assert.Null(_pace.ProofsPerPeriod);
        Assert.Null(_pace.SlowestProof);

        _pace.Measure(Observable.Return(1)).Subscribe();

        Assert.Null(_pace.ProofsPerPeriod);
        Assert.Equal(TimeSpan.Zero, _pace.SlowestProof);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 12)]
    [InlineData(8, 32)]
    [InlineData(20, 32)] // First proofs wait for no turn; those of hosted slots do, eight at once.
    public void What_was_made_at_once_in_no_more_time_counts_as_often_as_it_was_made(int atOnce, int perPeriod)
    {
        Prove(atOnce, seconds: 20);

        Assert.Equal(perPeriod, _pace.ProofsPerPeriod);
    }

    // Those of hosted slots take twice as long in half as many places.
    [Fact]
    public void First_proofs_in_a_row_without_an_end_count_for_what_can_be_at_once()
    {
        for (var proof = 0; proof < 64; proof++)
        {
            Measure(TimeSpan.FromSeconds(20));
            _time.AdvanceBy(TimeSpan.FromSeconds(1.25));
        }

        _time.AdvanceBy(TimeSpan.FromSeconds(20));

        Assert.Equal(31, _pace.ProofsPerPeriod);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_prover_that_makes_one_after_the_other_makes_no_more_when_it_is_asked_for_several(int atOnce)
    {
        ProveOneByOne(atOnce, seconds: 20);

        Assert.Equal(4, _pace.ProofsPerPeriod);
    }

    [Fact]
    public void While_others_are_still_being_made_those_that_are_there_count()
    {
        ProveOneByOne(4, seconds: 20, run: false);
        _time.AdvanceBy(TimeSpan.FromSeconds(20));
        Assert.Equal(4, _pace.ProofsPerPeriod);
        _time.AdvanceBy(TimeSpan.FromSeconds(40));
        Assert.Equal(3, _pace.ProofsPerPeriod);
    }

    [Fact]
    public void A_prover_that_has_become_slow_makes_less_at_once_too()
    {
        Prove(8, seconds: 20);
        Prove(1, seconds: 90);

        Assert.Equal(8, _pace.ProofsPerPeriod);
    }

    [Fact]
    public void A_proof_that_was_slow_once_is_forgotten_after_sixteen_others()
    {
        Prove(1, seconds: 3_600);
        Assert.Equal(0, _pace.ProofsPerPeriod);
        for (var proof = 0; proof < 15; proof++)
        {
            Prove(1, seconds: 10);
        }

        Assert.Equal(0, _pace.ProofsPerPeriod);
        Prove(1, seconds: 10);
        Assert.Equal(9, _pace.ProofsPerPeriod);
        Assert.Equal(TimeSpan.FromSeconds(10), _pace.SlowestProof);
    }

    [Fact]
    public void A_prover_that_is_never_idle_is_measured_period_by_period()
    {
        // One more begins before the one before is over: on average one each 15 s.
        for (var proof = 0; proof < 200; proof++)
        {
            Measure(TimeSpan.FromSeconds(20));
            _time.AdvanceBy(TimeSpan.FromSeconds(15));
        }

        Assert.InRange(_pace.ProofsPerPeriod!.Value, 4, 6);

        for (var proof = 0; proof < 60; proof++)
        {
            Measure(TimeSpan.FromSeconds(50));
            _time.AdvanceBy(TimeSpan.FromSeconds(45));
        }

        Assert.InRange(_pace.ProofsPerPeriod!.Value, 1, 2);
    }

    [Fact]
    public void One_that_hangs_makes_no_other_slow()
    {
        _pace.Measure(Observable.Never<int>()).Subscribe();
        for (var proof = 0; proof < 100; proof++)
        {
            Prove(4, seconds: 20);
            Assert.Equal(16, _pace.ProofsPerPeriod);
            _time.AdvanceBy(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public void What_was_given_up_counts_as_nothing()
    {
        var one = _pace.Measure(Observable.Never<int>()).Subscribe();
        _time.AdvanceBy(TimeSpan.FromSeconds(10));
        one.Dispose();
        _pace.Measure(Observable.Throw<int>(new InvalidOperationException("No."))).Subscribe(_ => { }, _ => { });
        Prove(1, seconds: 30);

        Assert.Equal(3, _pace.ProofsPerPeriod);
    }

    // Of 96 s, 72 are three quarters.
    [Fact]
    public void A_proof_that_comes_near_the_end_of_its_period_is_told_once_until_those_of_late_were_quick()
    {
        Prove(1, seconds: 71);
        Assert.Empty(_slow);
        Prove(1, seconds: 72);
        Prove(1, seconds: 80);
        Assert.Equal(
            "A proof took 72 s: what takes longer than the 96 s of a period is missed. False",
            Assert.Single(_slow));

        for (var proof = 0; proof < 16; proof++)
        {
            Prove(1, seconds: 10);
        }

        Prove(1, seconds: 90);
        Assert.Equal(2, _slow.Count);
        Assert.Equal((20, TimeSpan.FromSeconds(90)), (_made.Count, _made[^1]));
    }

    [Theory]
    [InlineData(71, 0)]
    [InlineData(72, 1)]
    public void A_proof_that_is_given_up_near_the_end_of_its_period_is_a_failure_of_the_prover(int seconds, int told)
    {
        var hangs = _pace.Measure(Observable.Never<int>()).Subscribe();
        _time.AdvanceBy(TimeSpan.FromSeconds(seconds));
        hangs.Dispose();

        Assert.Equal(told, _slow.Count(slow => slow.EndsWith("True", StringComparison.Ordinal)));
        Assert.Empty(_made);
    }

    [Fact]
    public void What_the_prover_says_itself_is_told_by_nobody_else()
    {
        _pace.Measure(Observable.Timer(TimeSpan.FromSeconds(90), _time).SelectMany(Observable.Throw<int>(new IOException("No."))))
            .Subscribe(_ => { }, _ => { });
        _time.AdvanceBy(TimeSpan.FromSeconds(90));

        Assert.Empty(_slow);
    }

    private void Prove(int atOnce, int seconds)
    {
        for (var proof = 0; proof < atOnce; proof++)
        {
            Measure(TimeSpan.FromSeconds(seconds));
        }

        _time.AdvanceBy(TimeSpan.FromSeconds(seconds));
    }

    private void ProveOneByOne(int atOnce, int seconds, bool run = true)
    {
        _free = _time.Now;
        for (var proof = 0; proof < atOnce; proof++)
        {
            _free += TimeSpan.FromSeconds(seconds);
            Measure(_free - _time.Now);
        }

        _time.AdvanceBy(run ? TimeSpan.FromSeconds(atOnce * seconds) : TimeSpan.Zero);
    }

    private void Measure(TimeSpan takes) => _pace.Measure(Observable.Timer(takes, _time)).Subscribe();
}
