using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting;

/// <summary>What becomes of options that change while it runs.</summary>
internal sealed partial class SalesService
{
    // What was changed, until a pipeline has done it. On the core.
    private readonly Dictionary<AvailabilityId, Availability> _offersToTake = [];
    private int? _limitToTake;

    // The options are read again here, not by a monitor: that would throw what is wrong with them on the thread that watches the file.
    // All that is right is taken on the core, where a pipeline that ends makes way for the next one.
    private void TakeChanges() => Guard(() =>
    {
        var now = _factory.Create(Microsoft.Extensions.Options.Options.DefaultName);
        var alerts = _alerts.Prepare(now.Alerts);
        _core.Schedule(() => Guard(() => Take(now, alerts)));
    });

    private void Guard(Action take)
    {
        try
        {
            take();
        }
        catch (OptionsValidationException wrong)
        {
            SalesLog.OptionsRefused(_logger, string.Join(' ', wrong.Failures));
        }
        catch (Exception wrong)
        {
            SalesLog.OptionsRefused(_logger, wrong.Message); // The watcher of the file would swallow it, and the core end all selling.
        }
    }

    private void Take(CodexSalesOptions now, Action alerts)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        var before = _options;
        _options = now;
        _realTime.Schedule(alerts);
        var life = Life;

        // Only what was changed there: what the operator has changed meanwhile stays.
        foreach (var offer in now.Availabilities.Select(offer => offer.ToAvailability())
            .Except(before.Availabilities.Select(offer => offer.ToAvailability())))
        {
            _offersToTake[offer.Id] = offer;
        }

        _limitToTake = now.Pipeline.Workers != before.Pipeline.Workers ? now.Pipeline.Workers : _limitToTake;
        if (!HasEnded(life))
        {
            Tell(life, before, now);
        }

        TakeAsInForce(life.Options, now, life.MaxWorkers); // May be the same as those before.
        SalesLog.OptionsChanged(_logger, life.Options.Pipeline.Workers, now.Pipeline.QueueCapacity);
        if (!HasEnded(life))
        {
            TellUntaken(life, before, now);
        }
    }

    private void Tell(SalesLife life, CodexSalesOptions before, CodexSalesOptions now)
    {
        if (now.Pipeline.Workers != before.Pipeline.Workers)
        {
            life.Pipeline.Workers.SetLimit(Math.Min(now.Pipeline.Workers, life.MaxWorkers));
        }

        if (now.Pipeline.QueueCapacity != before.Pipeline.QueueCapacity)
        {
            life.Pipeline.Queue.SetCapacity(now.Pipeline.QueueCapacity);
        }

        SaveWhatWaits(life);
    }

    // Once the pipeline has had its turn, and so has done what it was told before. What one has not done by its end, the next one does.
    private void SaveWhatWaits(SalesLife life)
    {
        if (HasEnded(life))
        {
            return;
        }

        foreach (var offer in _offersToTake.Values)
        {
            _ = SaveAsync(life.Pipeline, offer);
        }

        _core.Schedule(() =>
        {
            if (!HasEnded(life))
            {
                _limitToTake = null;
                _offersToTake.Clear();
            }
        });
    }

    // The rest stays in force as it was when the pipeline was made.
    private static void TakeAsInForce(CodexSalesOptions options, CodexSalesOptions now, int maxWorkers)
    {
        options.Pipeline.Workers = Math.Min(now.Pipeline.Workers, maxWorkers);
        options.Pipeline.QueueCapacity = now.Pipeline.QueueCapacity;
        options.StopWithin = now.StopWithin;
        options.FirstRestartDelay = now.FirstRestartDelay;
        options.LongestRestartDelay = now.LongestRestartDelay;
        options.Alerts = now.Alerts.With(options.Alerts.File);
    }

    // All that is not as it is set now is told at each change, until the next start.
    private void TellUntaken(SalesLife life, CodexSalesOptions before, CodexSalesOptions now)
    {
        var waiting = OptionDifference.Between(life.Options, now).Where(key => !OptionDifference.IsLive(key))
            .Select(key => SettingsReader.KeyOf(now, key))
            .Concat(SettingsReader.ReadOthers(_section).Except(_others).Concat(_others.Except(SettingsReader.ReadOthers(_section)))
                .Select(other => other.Key))
            .Distinct()
            .ToList();
        if (waiting.Count > 0)
        {
            SalesLog.OptionsWait(_logger, string.Join(", ", waiting));
        }

        var gone = before.Availabilities.Select(offer => offer.Id).Except(now.Availabilities.Select(offer => offer.Id))
            .Where(id => life.Pipeline.Availabilities.Snapshot.Any(balance => $"{balance.Availability.Id}" == id && !balance.IsDraining))
            .ToList();
        if (gone.Count > 0)
        {
            SalesLog.AvailabilitiesStay(_logger, string.Join(", ", gone));
        }
    }

    private async Task SaveAsync(SalesPipeline pipeline, Availability offer)
    {
        try
        {
            if (await pipeline.Availabilities.SaveAsync(offer).ConfigureAwait(false) is LedgerRefused refused)
            {
                SalesLog.AvailabilityRefused(_logger, refused.Detail);
            }
        }
        catch (ObjectDisposedException over)
        {
            SalesLog.AvailabilityRefused(_logger, over.Message);
        }
    }
}
