using System.Reactive.Concurrency;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>What is wrong with which port now.</summary>
internal sealed class Troubles(IScheduler time)
{
    private readonly List<(Troubled Act, Random Random)> _current = [];
    private readonly Dictionary<Port, DateTimeOffset> _ended = [];
    private bool _isOver;

    /// <summary>Nothing is wrong any more.</summary>
    public void End()
    {
        _isOver = true;
        foreach (var (act, _) in _current)
        {
            _ended[act.Port] = time.Now;
        }

        _current.Clear();
    }

    public void Begin(Troubled act)
    {
        if (_isOver)
        {
            return;
        }

        var trouble = (act, new Random(act.Seed));
        _current.Add(trouble);
        time.Schedule(act.Span, () =>
        {
            if (_current.Remove(trouble))
            {
                _ended[act.Port] = time.Now;
            }
        });
    }

    /// <summary>When something was last wrong with a port: now, if it still is; null for never.</summary>
    public DateTimeOffset? LastOf(Port port) => _current.Exists(trouble => trouble.Act.Port == port)
        ? time.Now
        : _ended.TryGetValue(port, out var last) ? last : null;

    public MarketFault OfQuestion() => Draw(Port.Questions) switch
    {
        null => MarketFault.None,
        Trouble.Stalls => MarketFault.Stalls,
        _ => MarketFault.Lost,
    };

    public MarketFault OfTransaction() => Draw(Port.Transactions) switch
    {
        null => MarketFault.None,
        Trouble.Stalls => MarketFault.Stalls,
        Trouble.Unheard => MarketFault.Unconfirmed,
        Trouble.Late => MarketFault.Late,
        Trouble.ReceiptLate => MarketFault.ReceiptLate,
        _ => MarketFault.Lost,
    };

    public WorkFault OfWork(Port port) => Draw(port) switch
    {
        null => WorkFault.None,
        Trouble.Stalls => WorkFault.Stalls,
        Trouble.Slow => WorkFault.Slow,
        Trouble.DiskFull => WorkFault.DiskFull,
        _ => WorkFault.Fails,
    };

    public StoreFault OfWrite() => Draw(Port.Store) switch
    {
        null => StoreFault.None,
        Trouble.Stalls => StoreFault.Stalls,
        Trouble.Unheard => StoreFault.Unheard,
        Trouble.Slow => StoreFault.Slow,
        _ => StoreFault.Fails,
    };

    private Trouble? Draw(Port port)
    {
        foreach (var (act, random) in _current)
        {
            if (act.Port == port && random.Next(100) < act.Percent)
            {
                return act.Kind;
            }
        }

        return null;
    }
}
