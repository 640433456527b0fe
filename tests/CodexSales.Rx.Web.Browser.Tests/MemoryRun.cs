using System.Diagnostics;

namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>
/// Pages that are open for minutes while so many change sets a second come, and what browser and server keep each minute. The server is
/// this process, with the simulated market and the driver of the browser in it.
/// </summary>
internal static class MemoryRun
{
    // What comes in the first minutes is code that is compiled, pools that fill and charts that grow to their length.
    private const int SettledAfterMinutes = 2;

    // As on a chain: quickened, hundreds of slots are hosted by the end, and the simulated market has a log of all their proofs.
    private const int RealTime = 1;
    private const double MostGrowth = 1.15;
    private const double FreeGrowth = 4 * 1024 * 1024;

    /// <returns>Whether all of it stayed flat once it had settled.</returns>
    public static async Task<bool> RunAsync(int minutes, int setsPerSecond)
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await SellingApp.StartAsync();
        app.Host.Speed!.Set(RealTime);
        await using var space = await Viewer.OpenAsync(chromium, app, "/space");
        await using var queue = await Viewer.OpenAsync(chromium, app, "/queue");
        await using var overview = await Viewer.OpenAsync(chromium, app, "/");
        var offer = app.Host.Availabilities.Snapshot[0].Availability;
        var seen = new List<Dictionary<string, double>>();
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / setsPerSecond));
        Console.WriteLine("min    sets    s | server heap, working set MiB | space, queue, overview: nodes / listeners / heap MiB");
        for (var set = 0; set <= minutes * 60 * setsPerSecond; set++)
        {
            if (set % (60 * setsPerSecond) == 0)
            {
                seen.Add(await LookAsync(("space", space), ("queue", queue), ("overview", overview)));
                Console.WriteLine(RowOf(set / 60 / setsPerSecond, set, Stopwatch.GetElapsedTime(begun), seen[^1]));
            }

            await app.Host.Availabilities.SaveAsync(offer with { MaxDurationSeconds = offer.MaxDurationSeconds + (ulong)(set % 2) });
            await timer.WaitForNextTickAsync();
        }

        string[] errors = [.. space.Errors, .. queue.Errors, .. overview.Errors, .. FindGrowth(seen)];
        Console.WriteLine(errors.Length == 0 ? $"Flat from minute {SettledAfterMinutes} on, and no error in any console." : string.Join('\n', errors));
        return errors.Length == 0;
    }

    /// <summary>What the server keeps after it has thrown away what it can.</summary>
    public static double KeptByServer()
    {
        for (var round = 0; round < 2; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<Dictionary<string, double>> LookAsync(params (string Name, Viewer Viewer)[] viewers)
    {
        var seen = new Dictionary<string, double> { ["server heap"] = KeptByServer(), ["working set"] = Environment.WorkingSet };
        foreach (var (name, viewer) in viewers)
        {
            var memory = await Memory.OfAsync(viewer.Page);
            (seen[$"{name} nodes"], seen[$"{name} listeners"], seen[$"{name} heap"]) = (memory.Nodes, memory.Listeners, memory.Heap);
        }

        return seen;
    }

    private static string RowOf(int minute, int sets, TimeSpan passed, Dictionary<string, double> seen)
    {
        var server = string.Create(
            CultureInfo.InvariantCulture,
            $"{minute,3} {sets,7} {passed.TotalSeconds,4:0} | {seen["server heap"] / (1 << 20),5:0.0} {seen["working set"] / (1 << 20),6:0.0}");
        var pages = new[] { "space", "queue", "overview" }.Select(page => string.Create(
            CultureInfo.InvariantCulture,
            $" | {seen[$"{page} nodes"],5} {seen[$"{page} listeners"],4} {seen[$"{page} heap"] / (1 << 20),5:0.0}"));
        return server + string.Concat(pages);
    }

    private static IEnumerable<string> FindGrowth(List<Dictionary<string, double>> seen) => seen.Count <= SettledAfterMinutes
        ? []
        : seen[0].Keys
            .Where(what => seen[^1][what] > (seen[SettledAfterMinutes][what] * MostGrowth) + (seen[0][what] > FreeGrowth / 4 ? FreeGrowth : 200))
            .Select(what => string.Create(CultureInfo.InvariantCulture, $"{what} has grown from {seen[SettledAfterMinutes][what]:#,0} to {seen[^1][what]:#,0}."));
}
