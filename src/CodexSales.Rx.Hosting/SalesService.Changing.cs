using CodexSales.Rx.Availabilities;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting;

/// <summary>What becomes of options that change while it runs.</summary>
internal sealed partial class SalesService
{
    // The options are read again here, not by a monitor: that would throw what is wrong with them on the thread that watches the file.
    private void TakeChanges()
    {
        try
        {
            var (before, now) = (_options, _factory.Create(Microsoft.Extensions.Options.Options.DefaultName));
            _options = now;
            var life = Life;
            if (now.Pipeline.Workers != before.Pipeline.Workers)
            {
                life.Pipeline.Workers.SetLimit(Math.Min(now.Pipeline.Workers, life.MaxWorkers));
            }

            if (now.Pipeline.QueueCapacity != before.Pipeline.QueueCapacity)
            {
                life.Pipeline.Queue.SetCapacity(now.Pipeline.QueueCapacity);
            }

            // Only what was changed there: what the operator has changed meanwhile stays.
            foreach (var offer in now.Availabilities.Select(offer => offer.ToAvailability())
                .Except(before.Availabilities.Select(offer => offer.ToAvailability())))
            {
                _ = SaveAsync(life.Pipeline, offer);
            }

            SalesLog.OptionsChanged(_logger, Math.Min(now.Pipeline.Workers, life.MaxWorkers), now.Pipeline.QueueCapacity);
        }
        catch (OptionsValidationException wrong)
        {
            SalesLog.OptionsRefused(_logger, string.Join(' ', wrong.Failures));
        }
        catch (Exception wrong)
        {
            SalesLog.OptionsRefused(_logger, wrong.Message); // The watcher of the file would swallow it.
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
