using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>What a collector is told of the disks of a host.</summary>
public sealed class DiskMetricsTests
{
    [Fact]
    public void What_is_free_on_the_disk_of_the_store_is_told_as_long_as_the_host_sells()
    {
        var folder = Directory.CreateTempSubdirectory();
        var told = new List<(long Free, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "codexsales.disk.free")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, free, tags, _) => told.Add((
            free, string.Join(' ', (instrument.Meter.Tags ?? []).Concat(tags.ToArray()).Select(tag => $"{tag.Key}={tag.Value}")))));
        listener.Start();
        using (var app = new HostedApp(
            builder => builder.UseSimulatedMarket().UseSqlite(),
            [("Sqlite:Path", Path.Combine(folder.FullName, "sales.db")), ("InstanceName", "disk 8")]))
        {
            app.Start();
            listener.RecordObservableInstruments();
        }

        var size = new DriveInfo(folder.FullName).TotalSize;
        Assert.InRange(Assert.Single(told, each => each.Tags == "codexsales.instance=disk 8 folder=store").Free, 1, size);
        told.Clear();
        listener.RecordObservableInstruments();
        Assert.DoesNotContain(told, each => each.Tags.Contains("disk 8", StringComparison.Ordinal));
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_told()
    {
        using var meter = HostMeter.Of(null, null);
        DiskMetrics.AddTo(meter, "/there/is/none", null);
        using var listener = new MeterListener();
        var told = 0;
        listener.SetMeasurementEventCallback<long>((_, free, _, _) => told += free > 0 ? 0 : 1);
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Meter.Name == HostMeter.Name)
            {
                it.EnableMeasurementEvents(instrument);
            }
        };
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Equal(0, told);
    }
}
