namespace CodexSales.Rx.Tests.Time;

public sealed class ToldBlocksTests : IDisposable
{
    private readonly ToldBlocks _told = new() { PeriodSeconds = 120 };
    private readonly List<BlockStamp> _looks = [];

    [Fact]
    public void Whoever_wants_to_look_looks_at_once_and_at_the_first_block_of_each_period()
    {
        _told.TellHead(Block(1, 1_200));
        using var looking = _told.Looks.Subscribe(_looks.Add);

        _told.TellHead(Block(2, 1_212));
        _told.TellHead(Block(3, 1_319));
        _told.TellHead(Block(4, 1_320));
        _told.TellHead(Block(5, 1_332));

        Assert.Equal([Block(1, 1_200), Block(4, 1_320)], _looks);
    }

    [Fact]
    public void What_follows_from_an_event_waits_for_its_block_and_not_for_one_that_was_replaced()
    {
        var told = 0;
        _told.TellHead(Block(5, 1_260));
        _told.TellEvent(new RequestFailed(Block(7, 1_284), default));
        using var waiting = _told.WhenHeadOfNews().Subscribe(_ => told++);
        Assert.Equal(0, told);

        _told.TellHead(Block(7, 1_284));
        Assert.Equal(1, told);

        _told.TellEvent(new RequestFailed(Block(9, 1_308), default));
        _told.TellEvent(new Reverted(Block(6, 1_272), new RequestFailed(Block(9, 1_308), default)));
        _told.TellHead(Block(6, 1_272));
        using var another = _told.WhenHeadOfNews().Subscribe(_ => told++);
        Assert.Equal(2, told);
    }

    [Fact]
    public async Task How_long_a_block_takes_can_be_read_from_any_thread_while_blocks_are_told()
    {
        using var telling = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(() =>
        {
            begun.SetResult();
            while (!telling.IsCancellationRequested)
            {
                Assert.InRange(_told.BlockSeconds, 0, 12);
            }
        });

        await begun.Task;
        for (var number = 1UL; number < 1_000_000 && !reading.IsCompleted; number++)
        {
            _told.TellHead(Block(number, 12 * number));
        }

        await telling.CancelAsync();
        await reading;
    }

    [Fact]
    public void Periods_that_pass_between_two_blocks_want_one_look_of_the_newest()
    {
        _told.TellHead(Block(1, 1_200));
        using var looking = _told.Looks.Skip(1).Subscribe(_looks.Add);

        _told.TellHead(Block(2, 1_800));

        Assert.Equal([Block(2, 1_800)], _looks);
        Assert.Equal(15UL, _told.Period);
    }

    [Fact]
    public void Blocks_that_are_replaced_want_a_look_although_their_period_is_the_same()
    {
        var other = Block(4, 1_248) with { Hash = new Bytes32([.. Enumerable.Repeat((byte)7, Bytes32.Size)]) };
        _told.TellHead(Block(5, 1_260));
        using var looking = _told.Looks.Skip(1).Subscribe(_looks.Add);

        _told.TellHead(Block(3, 1_236));
        _told.TellHead(Block(4, 1_248));
        _told.TellHead(other);

        Assert.Equal([Block(3, 1_236), other], _looks); // The second of the same number.
        Assert.Equal(other, _told.Head);
    }

    [Fact]
    public void A_block_that_an_event_has_told_of_is_no_reorganisation_when_it_is_told_itself()
    {
        _told.TellHead(Block(1, 1_200));
        using var looking = _told.Looks.Skip(1).Subscribe(_looks.Add);
        using var replaced = _told.Replaced.Subscribe(number => Assert.Fail($"Block {number} is not replaced."));

        _told.TellEvent(new ProofSubmitted(Block(2, 1_212), default));
        _told.TellHead(Block(2, 1_212));

        Assert.Empty(_looks);
    }

    [Fact]
    public void Blocks_that_are_told_after_events_of_later_ones_take_nothing_back()
    {
        _told.TellHead(Block(1, 1_200));
        var replaced = 0;
        _told.Replaced.Subscribe(_ => replaced++);

        _told.TellEvent(new ProofSubmitted(Block(5, 1_248), default));
        _told.TellHead(Block(2, 1_212));

        Assert.Equal(Block(2, 1_212), _told.Head);
        Assert.Equal(default, _told.EventsUpTo);
        Assert.Equal(0, replaced);
    }

    [Fact]
    public void A_block_takes_its_usual_time_also_after_the_chain_has_stood_still()
    {
        Assert.Equal(0, _told.BlockSeconds);
        foreach (var (number, time) in ((ulong, ulong)[])[(1, 1_200), (2, 4_800), (3, 4_812), (5, 4_836), (6, 4_848)])
        {
            _told.TellHead(Block(number, time));
        }

        Assert.Equal(12, _told.BlockSeconds);
        Assert.Equal(12UL, _told.ShortestBlockSeconds);
    }

    [Fact]
    public void Events_are_told_up_to_the_block_that_says_so()
    {
        var isTold = false;
        _told.TellHead(Block(3, 1_236));
        using var waiting = _told.WhenEvents(3).Subscribe(_ => isTold = true);

        _told.TellEvent(new BlockTold(Block(2, 1_212)));
        _told.TellEvent(new ProofSubmitted(Block(3, 1_236), default));
        Assert.False(isTold);

        _told.TellEvent(new BlockTold(Block(3, 1_236)));
        Assert.True(isTold);
    }

    [Fact]
    public void Each_wait_ends_once_when_it_is_over_or_at_once_when_it_was()
    {
        var ended = new List<string>();
        _told.TellHead(Block(1, 1_200));
        _told.TellFinal(Block(1, 1_200));
        Wait(_told.WhenHead(1), "head 1");
        Wait(_told.WhenHead(2), "head 2");
        Wait(_told.WhenHeadPast(new UnixSeconds(1_212)), "past 1212");
        Wait(_told.WhenFinal(1), "final 1");
        Wait(_told.WhenFinal(2), "final 2");
        Wait(_told.WhenPeriodIsOver(), "period");
        Assert.Equal(["head 1", "final 1"], ended);

        _told.TellHead(Block(2, 1_212));
        Assert.Equal(["head 2"], ended.Skip(2));
        _told.TellHead(Block(3, 1_213));
        Assert.Equal(["past 1212"], ended.Skip(3));
        _told.TellFinal(Block(3, 1_213));
        Assert.Equal(["final 2"], ended.Skip(4));
        _told.TellHead(Block(4, 1_320));
        _told.TellHead(Block(5, 1_440));
        Assert.Equal(["period"], ended.Skip(5));

        void Wait(IObservable<System.Reactive.Unit> wait, string name) => wait.Subscribe(_ => ended.Add(name));
    }

    public void Dispose() => _told.Dispose();

    private static BlockStamp Block(ulong number, ulong time) => new(number, new UnixSeconds(time));
}
