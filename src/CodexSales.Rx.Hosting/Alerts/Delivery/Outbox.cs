namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>What waits for one receiver. Sent one at a time, in order, each again until it is taken. Lives on its scheduler.</summary>
/// <param name="receiver">Who is told.</param>
/// <param name="capacity">How many may wait; beyond that the oldest are given up.</param>
/// <param name="clock">Where pauses pass, and everything is decided.</param>
/// <param name="random">Varies pauses.</param>
internal sealed class Outbox(IAlertReceiver receiver, int capacity, IScheduler clock, Random random) : IDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _longestWish = TimeSpan.FromHours(1);

    private readonly LinkedList<AlertMessage> _waiting = [];
    private readonly SerialDisposable _pause = new();
    private readonly CancellationTokenSource _end = new();
    private IAlertReceiver _receiver = receiver;
    private int _capacity = capacity;
    private AlertMessage? _sending;
    private int _failures;
    private bool _isToldToFail;
    private bool _isPausing;

    /// <summary>Who is told.</summary>
    public string Receiver => _receiver.Name;

    /// <summary>What waits, the one on its way included, the oldest first.</summary>
    public IReadOnlyList<AlertMessage> Waiting => [.. _waiting];

    /// <summary>Whether there is nothing to do now: nothing waits, or it was in vain.</summary>
    public bool IsAtRest => _sending is null && (_waiting.Count == 0 || _isPausing);

    /// <summary>Told whenever something was taken.</summary>
    public Action<AlertMessage> Delivered { get; init; } = _ => { };

    /// <summary>Told when a receiver begins to fail, with why, and with null when it has taken something again.</summary>
    public Action<string?> Failing { get; init; } = _ => { };

    /// <summary>Told of each message that is given up.</summary>
    public Action<AlertMessage> Lost { get; init; } = _ => { };

    /// <summary>Told when it has come to rest.</summary>
    public Action AtRest { get; init; } = () => { };

    /// <summary>Has one more message wait.</summary>
    public void Add(AlertMessage message)
    {
        _waiting.AddLast(message);
        GiveUpOldest();
    }

    /// <summary>Tells the receiver as it is set from now on. What the one before did not take is sent at the next <see cref="Send"/>.</summary>
    public void Become(IAlertReceiver receiver, int capacity)
    {
        (_receiver, _capacity, _isPausing, _failures) = (receiver, capacity, false, 0);
        _pause.Disposable = null;
        GiveUpOldest();
    }

    /// <summary>Sends what waits, unless that is under way.</summary>
    public void Send()
    {
        if (_sending is null && !_isPausing && !_end.IsCancellationRequested && _waiting.First is { } first)
        {
            _sending = first.Value;
            _ = SendAsync(_receiver, first.Value, _end.Token);
        }
    }

    /// <summary>Ends it; what is on its way is cut off.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _pause.Dispose();
        _end.Dispose();
    }

    // The one on its way may have arrived.
    private void GiveUpOldest()
    {
        while (_waiting.Count > _capacity)
        {
            var oldest = ReferenceEquals(_waiting.First!.Value, _sending) ? _waiting.First.Next! : _waiting.First;
            _waiting.Remove(oldest);
            Lost(oldest.Value);
        }
    }

    private async Task SendAsync(IAlertReceiver asked, AlertMessage message, CancellationToken cancellation)
    {
        NotDeliveredException? failed = null;
        try
        {
            await Task.Run(() => asked.SendAsync(message, cancellation), cancellation).ConfigureAwait(false); // The core waits for nobody.
        }
        catch (NotDeliveredException why)
        {
            failed = why;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return; // The app has stopped.
        }
        catch (Exception unexpected)
        {
            failed = new NotDeliveredException(unexpected.Message, cause: unexpected);
        }

        clock.Schedule(() => Go(asked, message, failed));
    }

    private void Go(IAlertReceiver asked, AlertMessage message, NotDeliveredException? failed)
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        _sending = null;
        if (failed is null)
        {
            _waiting.Remove(message);
            _failures = 0;
            if (_isToldToFail)
            {
                _isToldToFail = false;
                Failing(null);
            }

            Delivered(message);
            Send();
        }
        else if (asked == _receiver)
        {
            Pause(failed);
        }
        else
        {
            Send(); // The failure of the one before says nothing of this one.
        }

        if (IsAtRest)
        {
            AtRest();
        }
    }

    private void Pause(NotDeliveredException failed)
    {
        if (_failures++ == 0)
        {
            _isToldToFail = true;
            Failing(failed.Message);
        }

        var doubled = _firstPause * Math.Pow(2, Math.Min(_failures - 1, 20));
        var pause = (doubled < _longestPause ? doubled : _longestPause) * (0.8 + (0.4 * random.NextDouble()));
        var wish = failed.NotBefore is { } told ? told < _longestWish ? told : _longestWish : TimeSpan.Zero;
        _isPausing = true;
        _pause.Disposable = clock.Schedule(wish > pause ? wish : pause, () =>
        {
            _isPausing = false;
            Send();
        });
    }
}
