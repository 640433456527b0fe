using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Web.Page.Live;

namespace CodexSales.Rx.Web.Tests.Page;

public sealed class LiveTests
{
    private const int Changes = 500;

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, Changes + 1)]
    [InlineData(100, Changes + 1)]
    public async Task However_many_look_the_core_hands_each_change_over_once(int viewers, int handedOver)
    {
        await using var page = new PageHost();
        var ledger = page.Host.Availabilities;
        var handed = 0;
        var counted = ledger.Connect().Do(_ => handed++);
        var list = new LiveList<AvailabilityBalance, AvailabilityId, LedgerCause, IReadOnlyList<AvailabilityBalance>>(
            _ => counted.ToAsyncEnumerable(), (_, _, offers) => [.. offers], new PageHost.StillTime());
        var looking = Enumerable.Range(0, viewers).Select(_ => list.FollowAsync(Test).GetAsyncEnumerator(Test)).ToList();
        foreach (var viewer in looking)
        {
            Assert.True(page.Api.Time.WaitFor(viewer.MoveNextAsync().AsTask())); // The first picture; none of them ever asks for another.
        }

        var saved = Change(page);
        Assert.Equal(handedOver, handed);

        // What waits for those who don't ask is the last change of the row, not each of them.
        GC.Collect();
        Assert.InRange(saved.Count(weak => weak.IsAlive), 0, 3);
        foreach (var viewer in looking)
        {
            await viewer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_viewer_that_does_not_draw_keeps_no_picture_but_its_last_and_then_gets_the_newest()
    {
        var made = new Made();
        var slow = made.FollowAsync(Test).GetAsyncEnumerator(Test);
        await using var fast = made.FollowAsync(Test).GetAsyncEnumerator(Test);
        await made.ShowAsync("0");
        Assert.True(await slow.MoveNextAsync() && await fast.MoveNextAsync());
        var pictures = new List<WeakReference>();
        for (var number = 1; number <= Changes; number++)
        {
            pictures.Add(await ShowAndSeeAsync(made, fast, number));
        }

        GC.Collect();
        Assert.InRange(pictures.Count(weak => weak.IsAlive), 0, 3);
        Assert.True(await slow.MoveNextAsync());
        Assert.Equal($"{Changes}", slow.Current);
        await slow.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_made_while_nobody_looks()
    {
        var made = new Made();
        Assert.Equal(0, made.Begun);
        var first = made.FollowAsync(Test).GetAsyncEnumerator(Test);
        var second = made.FollowAsync(Test).GetAsyncEnumerator(Test);
        await made.ShowAsync("one");
        Assert.True(await first.MoveNextAsync() && await second.MoveNextAsync());
        Assert.Equal(1, made.Begun);
        await first.DisposeAsync();
        Assert.False(made.NobodyLooks.IsCancellationRequested);
        await second.DisposeAsync();
        Assert.True(made.NobodyLooks.IsCancellationRequested);

        await using var third = made.FollowAsync(Test).GetAsyncEnumerator(Test);
        var next = third.MoveNextAsync();
        Assert.False(next.IsCompleted); // What was shown before it came is old.
        Assert.Equal(2, made.Begun);
        await made.ShowAsync("two");
        Assert.True(await next);
        Assert.Equal("two", third.Current);
    }

    [Fact]
    public async Task What_goes_wrong_is_thrown_to_all_who_look_and_who_comes_later_tries_anew()
    {
        var made = new Made();
        var (first, second) = (made.FollowAsync(Test).GetAsyncEnumerator(Test), made.FollowAsync(Test).GetAsyncEnumerator(Test));
        Task<bool>[] looking = [first.MoveNextAsync().AsTask(), second.MoveNextAsync().AsTask()];
        made.Fail(new InvalidOperationException("broken"));
        foreach (var look in looking)
        {
            Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => look)).Message);
        }

        await using var later = made.FollowAsync(Test).GetAsyncEnumerator(Test);
        var next = later.MoveNextAsync();
        await made.ShowAsync("whole");
        Assert.True(await next);
    }

    [Fact]
    public async Task A_viewer_that_leaves_while_it_waits_is_gone()
    {
        var made = new Made();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Test);
        var viewer = made.FollowAsync(leaving.Token).GetAsyncEnumerator(leaving.Token);
        var next = viewer.MoveNextAsync().AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Assert.True(made.NobodyLooks.IsCancellationRequested);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Change(PageHost page)
    {
        var saved = new List<WeakReference>();
        var ledger = page.Host.Availabilities;
        var offer = ledger.Snapshot[0].Availability;
        for (var change = 1; change <= Changes; change++)
        {
            var changed = offer with { MaxDurationSeconds = offer.MaxDurationSeconds + (ulong)change };
            saved.Add(new WeakReference(changed));
            page.Api.Time.WaitFor(ledger.SaveAsync(changed));
        }

        return saved;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ShowAndSeeAsync(Made made, IAsyncEnumerator<string> viewer, int number)
    {
        var picture = $"{number}";
        await made.ShowAsync(picture);
        Assert.True(await viewer.MoveNextAsync());
        Assert.Equal(picture, viewer.Current);
        return new WeakReference(picture);
    }

    private sealed class Made : Live<string>
    {
        private Channel<string> _pictures = Channel.CreateUnbounded<string>();

        public int Begun { get; private set; }

        public CancellationToken NobodyLooks { get; private set; }

        public ValueTask ShowAsync(string picture) => _pictures.Writer.WriteAsync(picture, Test);

        public void Fail(Exception error)
        {
            var broken = _pictures;
            _pictures = Channel.CreateUnbounded<string>();
            broken.Writer.Complete(error);
        }

        protected override IAsyncEnumerable<string> MakeAsync(CancellationToken nobodyLooks)
        {
            Begun++;
            NobodyLooks = nobodyLooks;
            return _pictures.Reader.ReadAllAsync(nobodyLooks);
        }
    }
}
