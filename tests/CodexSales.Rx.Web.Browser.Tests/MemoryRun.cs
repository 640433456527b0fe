namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>A page that is open for minutes while so many change sets a second come, and what browser and server keep each minute.</summary>
internal static class MemoryRun
{
    public static async Task RunAsync(int minutes, int setsPerSecond)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await SellingApp.StartAsync();
        await using var viewer = await Viewer.OpenAsync(chromium, app, "/space");
        await using var queue = await Viewer.OpenAsync(chromium, app, "/queue");
        await using var overview = await Viewer.OpenAsync(chromium, app, "/");
        var offer = app.Host.Availabilities.Snapshot[0].Availability;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / setsPerSecond));
        for (var set = 0; set <= minutes * 60 * setsPerSecond; set++)
        {
            if (set % (60 * setsPerSecond) == 0)
            {
                Console.WriteLine(
                    $"{set / 60 / setsPerSecond,3} min, {set,6} sets: server {GC.GetTotalMemory(forceFullCollection: true) / 1024,8:N0} KiB; "
                    + $"space {await Memory.OfAsync(viewer.Page)}; queue {await Memory.OfAsync(queue.Page)}; overview {await Memory.OfAsync(overview.Page)}");
            }

            await app.Host.Availabilities.SaveAsync(offer with { MaxDurationSeconds = offer.MaxDurationSeconds + (ulong)(set % 2) });
            await timer.WaitForNextTickAsync();
        }

        Console.WriteLine($"Errors: {string.Join("; ", viewer.Errors.Concat(queue.Errors).Concat(overview.Errors))}");
    }
}
