using System.Collections.ObjectModel;

namespace CodexSales.Rx.Tests.Caching;

/// <summary>One subscriber of each kind, all of which have to agree with the model at any time.</summary>
internal sealed class SubscriberGroup : IDisposable
{
    private const int WatchedKey = 2;
    private const int Window = 3;

    private readonly CompositeDisposable _subscriptions = [];
    private readonly Replay _all = new() { IsWhole = true };
    private readonly Replay _even = new();
    private readonly Replay _top = new();
    private readonly Replay _topOfEven = new();
    private readonly Replay _slow = new();
    private readonly Replay _read = new();
    private readonly Replay _rows = new() { IsWhole = true };
    private readonly Replay _slowRows = new();
    private readonly Replay _readRows = new();
    private readonly Replay _topRows = new();
    private readonly Replay _refiltered = new() { MayRepeatVersions = true };
    private readonly Replay _refilteredRows = new() { MayRepeatVersions = true };
    private readonly Action<Func<Item, bool>> _refilter;
    private readonly Action _readAsync;
    private Func<Item, bool> _matches = IsEven;
    private readonly ObservableCollection<Item> _bound = [new(-1, -1)];
    private readonly List<Item> _boundList = [];
    private readonly List<Item> _refilled = [];
    private readonly List<WatchedItem<Item, Why>> _watched = [];
    private readonly List<int> _counts = [];
    private List<Item> _expected = [];

    public SubscriberGroup(SortedObservableCache<Item, int, Why> cache, HistoricalScheduler slow)
    {
        _subscriptions.Add(cache.Connect().Subscribe(_all));
        _subscriptions.Add(cache.Connect(IsEven).Subscribe(_even));
        _subscriptions.Add(cache.Top(Window).Subscribe(_top));
        _subscriptions.Add(cache.Connect(IsEven).Top(1).Subscribe(_topOfEven));
        _subscriptions.Add(cache.Connect().Conflate(slow, TimeSpan.FromSeconds(1)).Subscribe(_slow));
        _subscriptions.Add(cache.Connect().BindTo(_bound));
        _subscriptions.Add(cache.Connect().BindTo(_boundList));
        _subscriptions.Add(cache.Connect().BindTo(_refilled, 1));
        var rows = cache.Connect().Transform(RowOf).AssertChangeSets(new ItemOrder());
        _subscriptions.Add(rows.Subscribe(_rows));
        _subscriptions.Add(rows.Conflate(slow).AssertChangeSets(new ItemOrder()).Subscribe(_slowRows));
        _subscriptions.Add(cache.Connect().Transform(RowOf).Transform(RowOf).Top(Window).Subscribe(_topRows));
        var predicates = new BehaviorSubject<Func<Item, bool>>(_matches);
        _refilter = predicates.OnNext;
        var refiltered = cache.Connect(predicates).AssertChangeSets(new ItemOrder());
        _subscriptions.Add(refiltered.Subscribe(_refiltered));
        _subscriptions.Add(refiltered.Transform(RowOf).Subscribe(_refilteredRows));
        var left = new CancellationDisposable();
        _subscriptions.Add(left);
        var reader = cache.ConnectAsync(left.Token).GetAsyncEnumerator();
        var rowReader = rows.ToAsyncEnumerable().GetAsyncEnumerator(left.Token);
        _readAsync = () =>
        {
            Read(reader, _read);
            Read(rowReader, _readRows);
        };
        _subscriptions.Add(cache.Watch(WatchedKey).Subscribe(_watched.Add));
        _subscriptions.Add(cache.CountChanged.Subscribe(_counts.Add));
    }

    public bool HasLeft => _subscriptions.IsDisposed;

    /// <summary>Those who have left have to agree with what was the model then.</summary>
    public void Expect(IEnumerable<Item> model)
    {
        if (!HasLeft)
        {
            _expected = [.. model];
        }
    }

    public void Verify()
    {
        Equal(_expected, _all.Items, "Connect()");
        Equal(_expected.Where(IsEven), _even.Items, "Connect(predicate)");
        Equal(_expected.Take(Window), _top.Items, "Top");
        Equal(_expected.Where(IsEven).Take(1), _topOfEven.Items, "Connect(predicate).Top");
        Equal(_expected, _bound, "BindTo");
        Equal(_expected, _boundList, "BindTo a plain list");
        Equal(_expected, _rows.Items, "Transform");
        Equal(_expected.Take(Window), _topRows.Items, "Transform twice, then Top");
        Equal(_expected.Where(_matches), _refiltered.Items, "Connect(predicates)");
        Equal(_expected.Where(_matches), _refilteredRows.Items, "Connect(predicates).Transform");
        Equal(_expected, _refilled, "BindTo with a low threshold");
        Equal([_expected.Find(item => item.Key == WatchedKey)], [_watched[^1].Item], "Watch");
        Equal([_expected.Count], [_counts[^1]], "CountChanged");
        Equal(_counts.Where((count, i) => i == 0 || count != _counts[i - 1]), _counts, "CountChanged, each different");
        Replay[] replays = [_all, _even, _top, _topOfEven, _slow, _rows, _slowRows, _topRows, _refiltered];
        Equal([null], replays.Select(replay => replay.Error).Distinct(), "Errors");
    }

    public void VerifySlow()
    {
        Equal(_expected, _slow.Items, "Conflate");
        Equal(_expected, _slowRows.Items, "Transform, then Conflate");
        _readAsync();
        Equal(_expected, _read.Items, "ConnectAsync");
        Equal(_expected, _readRows.Items, "Transform, then ToAsyncEnumerable");
    }

    /// <summary>Those who have left have the predicate that they had then.</summary>
    public void Refilter(int divisor)
    {
        if (!HasLeft)
        {
            _matches = item => item.Rank % divisor != 0;
            _refilter(_matches);
        }
    }

    public void Dispose() => _subscriptions.Dispose();

    // One set, however much has happened, and without waiting for it.
    private void Read(IAsyncEnumerator<ChangeSet<Item, int, Why>> reader, Replay replay)
    {
        if (replay.Sets.Count == 0 || !replay.Items.SequenceEqual(_expected))
        {
            var read = reader.MoveNextAsync();
            Equal([true], [read.IsCompletedSuccessfully && read.Result], "A reader has something to read");
            replay.OnNext(reader.Current);
        }
    }

    private static Item RowOf(Item item) => new(item.Key, item.Rank);

    private static bool IsEven(Item item) => item.Rank % 2 == 0;

    private static void Equal<T>(IEnumerable<T> expected, IEnumerable<T> actual, string where)
    {
        if (!expected.SequenceEqual(actual))
        {
            throw new InvalidOperationException(
                $"{where}: expected [{string.Join(", ", expected)}], but it is [{string.Join(", ", actual)}].");
        }
    }
}
