using CodexSales.Rx.Ethereum.Intake;

namespace CodexSales.Rx.Hosting;

/// <summary>The start of a pipeline, and the next one after an error that may pass.</summary>
internal sealed partial class SalesService
{
    // All of it without a wait: what follows is decided on the core, and so in the order and at the time of the core's scheduler.
    private SalesLife Begin()
    {
        var life = new SalesLife(_chosen, _services, _options, _core);
        (_failure, _begun) = (null, _core.Now);
        _lives.OnNext(life);
        life.Pipeline.Steps.Subscribe(_ => { }, error => End(life, error));
        return life;
    }

    private async Task StartAsync(SalesLife life, IReadOnlyList<Availability> offers)
    {
        try
        {
            await life.PrepareAsync(isFirst: !_isPrepared, _stopping.Token).ConfigureAwait(false);
            foreach (var offer in offers)
            {
                _ = SaveAsync(life.Pipeline, offer);
            }

            _core.Schedule(() => SaveWhatWaits(life)); // Later than those: what was changed since holds.
            var isFirst = !_isPrepared;
            if (isFirst)
            {
                await _chosen.Preparation(this, _stopping.Token).ConfigureAwait(false);
                _isPrepared = true;
            }

            await life.StartAsync(_stopping.Token).ConfigureAwait(false);
            if (isFirst)
            {
                _realTime.Schedule(_alerts.NoteStart);
            }

            SalesLog.Started(_logger, $"{life.Pipeline.Health}");
        }
        catch (Exception given) when (_stopping.IsCancellationRequested && given is OperationCanceledException or ObjectDisposedException)
        {
            SalesLog.NotStarted(_logger); // The app stops.
        }
        catch (Exception error)
        {
            _core.Schedule(() => End(life, error));
        }
    }

    // On the core: the pipeline's error, or what keeps it from its start. The same error may be told twice.
    private void End(SalesLife? life, Exception error)
    {
        if (_stopping.IsCancellationRequested || (life is not null && HasEnded(life)))
        {
            return;
        }

        _over = life ?? _over;
        if (error is CannotSellException or ChainUntrustedException)
        {
            _failure = error.Message;
            _alerts.NoteEnd(error);
            SalesLog.GivenUp(_logger, error.Message, error);
            Environment.ExitCode = Environment.ExitCode == 0 ? 1 : Environment.ExitCode; // A supervisor takes 0 for the end that was wanted.
            _ended.TrySetException(error);
            Fail(error);
            return;
        }

        var ran = _core.Now - _begun;
        _delay = ran > _options.LongestRestartDelay || _delay == default ? _options.FirstRestartDelay
            : _delay * 2 < _options.LongestRestartDelay ? _delay * 2
            : _options.LongestRestartDelay;
        _failure = $"{error.Message.TrimEnd('.')}. It is tried again after {_delay}.";
        SalesLog.Restarting(_logger, error, _delay);
        _again.Disposable = _core.Schedule(_delay, BeginAgain);
    }

    private bool HasEnded(SalesLife life) => ReferenceEquals(_over, life);

    private void BeginAgain()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        // The operator's decisions of the last run hold on. A store remembers what is for sale.
        var old = _lives.Value!;
        var workers = old.Pipeline.Workers.Snapshot;
        Availability[] offers = old.Store is null ? [.. old.Pipeline.Availabilities.Snapshot.Select(balance => balance.Availability)] : [];
        old.Dispose();
        _traces.EndAll();
        try
        {
            var pipeline = Begin().Pipeline;
            pipeline.Workers.SetLimit(Math.Min(_limitToTake ?? workers.Limit, _options.Pipeline.MaxWorkers));
            if (workers.IsPaused)
            {
                pipeline.Workers.Pause();
            }

            _start = StartAsync(Life, offers);
        }
        catch (Exception unusable)
        {
            End(null, new InvalidOperationException(unusable.Message, unusable)); // It could be used before: that may come back.
        }
    }
}
