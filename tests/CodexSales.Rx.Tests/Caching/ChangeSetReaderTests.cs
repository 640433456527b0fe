using System.Diagnostics;
using System.Reflection;

namespace CodexSales.Rx.Tests.Caching;

/// <summary>Readers that ask for change sets, as web clients do: most of them by hand, so that no test waits.</summary>
public sealed class ChangeSetReaderTests
{
    private int _subscriptions;

    [Fact]
    public async Task A_reader_gets_the_snapshot_and_then_in_one_set_what_happened_while_it_was_busy()
    {
        var cache = Caches.Of(new Item(1, 10));
        await using var reader = cache.ConnectAsync().GetAsyncEnumerator();
        var snapshot = await Next(reader);
        cache.Add(new(2, 20), Why.Put);
        cache.AddOrUpdate(new(1, 30), Why.Put);
        cache.Add(new(3, 5), Why.Put);
        cache.Remove(3, Why.Left);

        var changes = await Next(reader);

        Assert.True(snapshot.IsSnapshot);
        Assert.Equal(
            ["Updated 0 -> 0 (Put): 1@30", "Added -1 -> 0 (Put): 2@20"], changes.Select(change => change.ToString()));
        Assert.Equal(cache.Version, changes.Version);
    }

    [Fact]
    public async Task A_reader_that_waits_gets_the_next_change_and_goes_on_outside_of_its_notification()
    {
        using var isCommitting = new ThreadLocal<bool>();
        var cache = Caches.Empty();
        await using var reader = cache.ConnectAsync().GetAsyncEnumerator();
        await Next(reader);
        var read = reader.MoveNextAsync().AsTask();
        var wasInside = read.ContinueWith(
            _ => isCommitting.Value, default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.False(read.IsCompleted);

        isCommitting.Value = true;
        cache.Add(new(1, 10), Why.Put);
        isCommitting.Value = false;

        Assert.True(await read);
        Assert.False(await wasInside);
        Assert.Equal(1, reader.Current.Version);
    }

    [Fact]
    public async Task What_waits_at_the_end_is_read_before_it()
    {
        var cache = Caches.Empty();
        await using var reader = cache.ConnectAsync().GetAsyncEnumerator();
        await Next(reader);
        cache.Add(new(1, 10), Why.Put);
        cache.Dispose();

        Assert.Single(await Next(reader));
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task After_the_end_there_is_nothing_to_read()
    {
        var cache = Caches.Of(new Item(1, 10));
        cache.Dispose();
        await using var reader = cache.ConnectAsync().GetAsyncEnumerator();

        Assert.False(await reader.MoveNextAsync());
    }

    [Theory]
    [InlineData("predicate")]
    [InlineData("changing predicate")]
    [InlineData("projection")]
    public async Task What_a_predicate_or_a_projection_throws_is_thrown_to_the_reader(string who)
    {
        var cache = Caches.Empty();
        var source = who switch
        {
            "predicate" => cache.Connect(item => item.Rank != 2 ? true : throw new FormatException()),
            "projection" => cache.Connect().Transform(item => item.Rank != 2 ? new Item(1, 1) : throw new FormatException()),
            _ => cache.Connect(Observable.Return<Func<Item, bool>>(item => item.Rank != 2 ? true : throw new FormatException())),
        };
        await using var reader = Counted(source).ToAsyncEnumerable().GetAsyncEnumerator();
        await Next(reader);
        cache.Add(new(1, 1), Why.Put);
        cache.Add(new(2, 2), Why.Put);

        Assert.Single(await Next(reader));
        await Assert.ThrowsAsync<FormatException>(() => reader.MoveNextAsync().AsTask());
        Assert.Equal(0, _subscriptions);
    }

    [Fact]
    public async Task Breaking_off_unsubscribes_at_once()
    {
        var cache = Caches.Empty();

        await foreach (var changes in Counted(cache.Connect()).ToAsyncEnumerable())
        {
            Assert.True(changes.IsSnapshot);
            Assert.Equal(1, _subscriptions);
            break;
        }

        Assert.Equal(0, _subscriptions);
    }

    [Fact]
    public async Task Cancelling_unsubscribes_at_once_a_reader_that_is_busy_elsewhere()
    {
        using var gone = new CancellationTokenSource();
        var cache = Caches.Empty();
        await using var reader = Counted(cache.Connect()).ToAsyncEnumerable().GetAsyncEnumerator(gone.Token);
        await Next(reader);
        Assert.Equal(1, _subscriptions);

        await gone.CancelAsync();

        Assert.Equal(0, _subscriptions);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task Cancelling_ends_a_reader_that_waits()
    {
        using var gone = new CancellationTokenSource();
        await using var reader = Caches.Empty().ConnectAsync(gone.Token).GetAsyncEnumerator();
        await Next(reader);
        var read = reader.MoveNextAsync().AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task Who_has_cancelled_before_subscribes_to_nothing()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await using var reader = Counted(Caches.Empty().Connect()).ToAsyncEnumerable().GetAsyncEnumerator(gone.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.MoveNextAsync().AsTask());
        Assert.Equal(0, _subscriptions);
    }

    [Fact]
    public async Task Of_fifty_readers_one_that_stops_keeps_one_change_for_each_item_and_all_lists_are_equal_in_the_end()
    {
        const int Readers = 50;
        const int ChangeSets = 10_000;
        const int Keys = 20;
        var (random, cache) = (new Random(1), Caches.Empty());
        var readers = Enumerable.Range(0, Readers).Select(_ => cache.ConnectAsync().GetAsyncEnumerator()).ToArray();
        var sets = readers.Select(_ => new List<ChangeSet<Item, int, Why>>()).ToArray();
        var replays = readers.Select(_ => new Replay()).ToArray();
        await ReadAll();
        while (cache.Version < ChangeSets)
        {
            // Each its own pace, and the first one none at all.
            Change();
            Assert.InRange(KeptBy(readers[0]), 0, Keys);
            for (var number = 1; number < Readers; number++)
            {
                if (cache.Version % number == 0)
                {
                    Read(number);
                }
            }
        }

        cache.Add(new(Keys, 7), Why.Put);
        await ReadAll();

        Assert.Equal(2, sets[0].Count);
        Assert.All(replays, replay => Assert.Equal(cache.Snapshot.Items, replay.Items));
        Assert.All(sets, each => each.ToObservable().AssertChangeSets(new ItemOrder()).Subscribe());
        Assert.All(readers, reader => Assert.Equal(0, KeptBy(reader)));

        void Change() => _ = random.Next(3) == 0
            ? cache.Remove(random.Next(Keys), Why.Left)
            : cache.AddOrUpdate(new(random.Next(Keys), 10 + random.Next(Keys)), Why.Put) is not null;

        async Task ReadAll()
        {
            for (var number = 0; number < Readers; number++)
            {
                Note(number, await Next(readers[number]));
            }
        }

        // What waits may be nothing in the end.
        void Read(int number)
        {
            if (!replays[number].Items.SequenceEqual(cache.Snapshot.Items))
            {
                var read = readers[number].MoveNextAsync();
                Assert.True(read.IsCompletedSuccessfully && read.Result);
                Note(number, readers[number].Current);
            }
        }

        void Note(int number, ChangeSet<Item, int, Why> set)
        {
            sets[number].Add(set);
            replays[number].OnNext(set);
        }
    }

    [Fact]
    public async Task A_thousand_readers_that_wait_have_no_thread()
    {
        const int Readers = 1_000;
        var cache = Caches.Empty();
        var readers = Enumerable.Range(0, Readers).Select(_ => cache.ConnectAsync().GetAsyncEnumerator()).ToArray();
        var threads = Threads();
        foreach (var reader in readers)
        {
            await Next(reader);
        }

        var reads = readers.Select(reader => reader.MoveNextAsync().AsTask()).ToArray();

        // Other tests run beside it, on some threads of their own.
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        Assert.InRange(Threads() - threads, int.MinValue, Readers / 10);
        cache.Dispose();
        Assert.All(await Task.WhenAll(reads), Assert.False);
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static async Task<ChangeSet<Item, int, Why>> Next(IAsyncEnumerator<ChangeSet<Item, int, Why>> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return reader.Current;
    }

    /// <summary>How many changes, and snapshots, are kept until the reader asks for them.</summary>
    private static int KeptBy(IAsyncEnumerator<ChangeSet<Item, int, Why>> enumerator)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var reader = enumerator.GetType().GetFields(Fields)
            .Select(field => field.GetValue(enumerator))
            .OfType<ChangeSetReader<Item, int, Why>>()
            .Single();
        return reader.GetType().GetFields(Fields)
            .Select(field => field.GetValue(reader))
            .OfType<NetChanges<Item, int, Why>>()
            .Sum(kept => kept.Changes.Count + (kept.Snapshot is null ? 0 : 1));
    }

    private IObservable<ChangeSet<Item, int, Why>> Counted(IObservable<ChangeSet<Item, int, Why>> source) =>
        Observable.Create<ChangeSet<Item, int, Why>>(observer =>
        {
            _subscriptions++;
            return StableCompositeDisposable.Create(
                source.Subscribe(observer), Disposable.Create(() => _subscriptions--));
        });
}
