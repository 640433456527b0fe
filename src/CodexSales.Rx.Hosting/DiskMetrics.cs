using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Hosting;

/// <summary>Tells a metrics collector what is free on the disks of a host's folders. Asked when the collector asks, on its thread.</summary>
internal sealed class DiskMetrics : IDisposable
{
    public const string MeterName = "CodexSales.Rx.Hosting";

    private readonly Meter _meter;

    /// <param name="scope">Whose meter it is, as collectors that ask for one factory's meters see it.</param>
    /// <param name="instance">Tells hosts apart; null for no tag.</param>
    /// <param name="store">The folder of the store; null where there is none.</param>
    /// <param name="slots">The folder of the slots; null where there is none.</param>
    public DiskMetrics(IMeterFactory? scope, string? instance, string? store, string? slots)
    {
        _meter = new Meter(new MeterOptions(MeterName) { Scope = scope, Tags = instance is null ? null : [new("codexsales.instance", instance)] });
        _meter.CreateObservableGauge(
            "codexsales.disk.free", () => FreeOf("store", store).Concat(FreeOf("slots", slots)), "By", "What is free on the disk of a folder.");
    }

    public void Dispose() => _meter.Dispose();

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
