namespace CodexSales.Rx.Web.Browser.Tests;

/// <summary>What a browser window keeps, after it has thrown away what it can.</summary>
internal sealed record Memory(double Nodes, double Listeners, double Heap)
{
    public static async Task<Memory> OfAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        await session.SendAsync("HeapProfiler.collectGarbage");
        await session.SendAsync("HeapProfiler.collectGarbage");
        var answer = await session.SendAsync("Performance.getMetrics");
        var metrics = answer!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        await session.DetachAsync();
        return new Memory(metrics["Nodes"], metrics["JSEventListeners"], metrics["JSHeapUsedSize"]);
    }
}
