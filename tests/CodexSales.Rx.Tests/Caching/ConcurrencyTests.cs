namespace CodexSales.Rx.Tests.Caching;

/// <summary>Real threads on one cache: the only tests that use any.</summary>
public sealed class ConcurrencyTests
{
    private const int Threads = 4;

    [Fact]
    public void Four_threads_never_take_the_same_item_and_subscribers_miss_nothing()
    {
        const int Takes = 1_000_000;
        var cache = Caches.Empty();
        var taken = new int[Takes];
        var seen = new VersionCheck();
        cache.Connect().Subscribe(seen);
        var (added, removed) = (0, 0);

        InParallel(_ =>
        {
            // Each adds one and takes one, not always its own.
            for (int key; (key = Interlocked.Increment(ref added) - 1) < Takes;)
            {
                cache.Add(new(key, key % 1013 * 7919 % 1013), Why.Put);
                if (cache.TryTakeFirst(Why.Taken, out var item))
                {
                    taken[item.Key]++;
                    Interlocked.Increment(ref removed);
                }
            }
        });

        Assert.All(taken.Index(), take => Assert.Equal(cache.Contains(take.Index) ? 0 : 1, take.Item));
        Assert.Equal(Takes, removed + cache.Count);
        Assert.Equal(cache.Version, seen.Last);
        Assert.Equal(Takes + removed, seen.Last);
    }

    [Fact]
    public void Whoever_subscribes_under_load_sees_each_commit_once_and_in_order()
    {
        var reported = new List<Exception>();
        var cache = Caches.Empty(reported.Add);
        var replays = new List<Replay>();
        var isLoaded = Threads - 1;

        InParallel(thread =>
        {
            var random = new Random(thread);
            for (var i = 0; thread > 0 && i < 3_000; i++)
            {
                cache.AddOrUpdate(new(random.Next(50), 10 + random.Next(50)), Why.Put);
                cache.Remove(random.Next(50), Why.Left);
                var items = cache.Snapshot.Items;
                Assert.Equal(items.Order(Comparer<Item>.Create(ItemOrder.Compare)), items);
            }

            Interlocked.Add(ref isLoaded, thread > 0 ? -1 : 0);
            while (thread == 0 && Volatile.Read(ref isLoaded) > 0)
            {
                var replay = new Replay { IsWhole = true };
                var subscription = cache.Connect().Subscribe(replay);
                if (replays.Count < 20)
                {
                    replays.Add(replay);
                }
                else
                {
                    subscription.Dispose();
                }
            }
        });

        Assert.Empty(reported);
        Assert.All(replays, replay => Assert.Equal(cache.Snapshot.Items, replay.Items));
    }

    [Fact]
    public async Task Readers_and_a_view_whose_predicate_changes_get_to_the_same_list_under_load()
    {
        var reported = new List<Exception>();
        var cache = Caches.Empty(reported.Add);
        using var predicates = new BehaviorSubject<Func<Item, bool>>(_ => true);
        var (view, reads) = (new Replay { MayRepeatVersions = true }, new List<Task<Replay>>());
        cache.Connect(predicates).Subscribe(view);
        for (var number = 0; number < 8; number++)
        {
            var reader = cache.ConnectAsync().GetAsyncEnumerator();
            await reader.MoveNextAsync();
            reads.Add(Task.Run(() => ReadToTheEnd(reader)));
        }

        InParallel(thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 3_000; i++)
            {
                cache.AddOrUpdate(new(random.Next(50), 10 + random.Next(50)), Why.Put);
                cache.Remove(random.Next(50), Why.Left);
                if (thread == 0)
                {
                    var divisor = 2 + (i % 3);
                    predicates.OnNext(item => item.Rank % divisor == 0);
                }
            }
        });
        cache.Dispose();

        Assert.All(await Task.WhenAll(reads), read => Assert.Equal(cache.Snapshot.Items, read.Items));
        Assert.Equal(cache.Snapshot.Items.Where(predicates.Value), view.Items);
        Assert.Null(view.Error);
        Assert.Empty(reported);
    }

    [Fact]
    public void Two_caches_whose_subscribers_edit_the_other_one_do_not_block_each_other()
    {
        const int Commits = 50_000;
        var (left, right) = (Caches.Empty(), Caches.Empty());
        var (fromLeft, fromRight) = (0, 0);
        left.Connect().Subscribe(set => right.AddOrUpdate(new(-1, set.IsSnapshot ? 10 : 10 + ++fromLeft), Why.Put));
        right.Connect(item => item.Key >= 0)
            .Subscribe(set => _ = set.IsSnapshot ? null : left.Remove(++fromRight, Why.Left) as object);

        InParallel(thread =>
        {
            for (var i = 0; i < Commits; i++)
            {
                (thread % 2 == 0 ? left : right).AddOrUpdate(new(thread, i + 10), Why.Put);
            }
        });

        Assert.Equal(2 * Commits, fromRight);
        Assert.True(fromLeft >= 2 * Commits);
    }

    [Fact]
    public void When_all_threads_are_done_nothing_is_left_undelivered()
    {
        const int Rounds = 20_000;
        var cache = Caches.Empty();
        var seen = new VersionCheck();
        cache.Connect().Subscribe(seen);
        var arrivals = 0;

        InParallel(thread =>
        {
            // Two commit at once, so that one of them often posts at the moment in which the other one stops
            // delivering.
            for (var i = 0; thread < 2 && i < Rounds; i++)
            {
                Interlocked.Increment(ref arrivals);
                for (var wait = default(SpinWait); Volatile.Read(ref arrivals) < 2 * (i + 1);)
                {
                    wait.SpinOnce(sleep1Threshold: -1);
                }

                cache.AddOrUpdate(new(thread, i + 10), Why.Put);
            }
        });

        Assert.Equal(2 * Rounds, seen.Last);
    }

    private static async Task<Replay> ReadToTheEnd(IAsyncEnumerator<ChangeSet<Item, int, Why>> reader)
    {
        var replay = new Replay();
        do
        {
            replay.OnNext(reader.Current);
        }
        while (await reader.MoveNextAsync());
        return replay;
    }

    private static void InParallel(Action<int> work)
    {
        var failures = new List<Exception>();
        List<Thread> threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
        {
            try
            {
                work(number);
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        }) { IsBackground = true })];
        threads.ForEach(thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(TimeSpan.FromMinutes(5)), "A thread is blocked."));
        Assert.Empty(failures);
    }

    /// <summary>Like <see cref="Replay"/>, but keeps nothing.</summary>
    private sealed class VersionCheck : IObserver<ChangeSet<Item, int, Why>>
    {
        private int _notifying;

        public long Last { get; private set; }

        public void OnNext(ChangeSet<Item, int, Why> value)
        {
            Assert.Equal(1, Interlocked.Increment(ref _notifying));
            Assert.Equal(value.IsSnapshot ? Last : Last + 1, value.Version);
            Last = value.Version;
            Interlocked.Decrement(ref _notifying);
        }

        public void OnError(Exception error) => throw error;

        public void OnCompleted()
        {
        }
    }
}
