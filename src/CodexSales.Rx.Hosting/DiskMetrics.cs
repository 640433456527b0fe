using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Hosting;

/// <summary>What is free on the disks of a host's folders. Asked when the collector asks, on its thread.</summary>
internal static class DiskMetrics
{
    /// <param name="meter">Under which it is told.</param>
    /// <param name="store">The folder of the store; null where there is none.</param>
    /// <param name="slots">The folder of the slots; null where there is none.</param>
    public static void AddTo(Meter meter, string? store, string? slots) => meter.CreateObservableGauge(
        "codexsales.disk.free", () => FreeOf("store", store).Concat(FreeOf("slots", slots)), "By", "What is free on the disk of a folder.");

    // A disk that does not say is not one that is full.
    private static IEnumerable<Measurement<long>> FreeOf(string name, string? folder)
    {
        try
        {
            return folder is null ? [] : [new Measurement<long>(new DriveInfo(folder).AvailableFreeSpace, new KeyValuePair<string, object?>("folder", name))];
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
