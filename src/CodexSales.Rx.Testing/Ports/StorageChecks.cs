using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Testing.Ports;

internal sealed class StorageChecks(
    PortCheck check, ISlotStorage storage, IReadOnlyList<SlotDownload> downloads, Func<SlotKey, ulong> bytesOf)
{
    private const ulong Day = 86_400;

    // The time in which work that should have stopped is noticed.
    private const int MomentsOfSilence = 100;

    public async Task RunAsync()
    {
        foreach (var download in downloads)
        {
            await PortCheck.StepAsync(() => StoreAsync(download)).ConfigureAwait(false);
        }

        await PortCheck.StepAsync(() => KeepAsync(downloads[0])).ConfigureAwait(false);
        await PortCheck.StepAsync(() => ClearOneAsync(downloads[0], downloads[1])).ConfigureAwait(false);
        await PortCheck.StepAsync(() => LeaveHalfWayAsync(downloads[0])).ConfigureAwait(false);
        await PortCheck.StepAsync(() => CancelAsync(downloads[0].Slot)).ConfigureAwait(false);
        foreach (var download in downloads)
        {
            await PortCheck.StepAsync(() => ClearAsync(download.Slot)).ConfigureAwait(false);
        }
    }

    private static ulong SizeOf(SlotDownload download) => download.Request.Ask.SlotSizeBytes;

    private async Task StoreAsync(SlotDownload download)
    {
        var (call, size) = ($"Store({download.Slot})", SizeOf(download));
        using var written = new Watched<ulong>(check, call, () => storage.Store(download));
        if (!await check.UntilAsync(() => written.IsOver).ConfigureAwait(false))
        {
            throw check.Fail(PortRule.ComesToAnEnd, call, $"it is not over after {check.Patience}");
        }

        var values = written.Values;
        foreach (var (before, after) in values.Zip(values.Skip(1)))
        {
            check.Expect(after >= before, PortRule.ProgressNeverGoesBack, call, $"{after} bytes are written after {before}");
        }

        var most = values.DefaultIfEmpty(0UL).Max();
        check.Expect(most <= size, PortRule.WritesNoMoreThanTheSlot, call, $"{most} bytes are written of a slot of {size}");
        if (written.Error is { } error)
        {
            throw check.Fail(PortRule.Works, call, $"it fails with {error.GetType().Name}: {error.Message}");
        }

        check.Expect(
            most >= size, PortRule.CompletesWhenAllIsThere, call, $"it completes when it has told of {most} bytes of {size}");
        check.Expect(
            bytesOf(download.Slot) == size,
            PortRule.CompletesWhenAllIsThere,
            call,
            $"it completes when there are {bytesOf(download.Slot)} bytes of {size}");
    }

    private async Task KeepAsync(SlotDownload download)
    {
        var (slot, call) = (download.Slot, $"KeepUntilAsync({download.Slot})");
        await check.DoAsync(call, ct => storage.KeepUntilAsync(slot, download.KeepUntil.Plus(Day), ct)).ConfigureAwait(false);
        check.Expect(
            bytesOf(slot) == SizeOf(download),
            PortRule.KeepsWhatItIsToKeep,
            call,
            $"{bytesOf(slot)} bytes of {SizeOf(download)} are there after it");
    }

    private async Task ClearOneAsync(SlotDownload download, SlotDownload other)
    {
        var before = bytesOf(other.Slot);
        await ClearAsync(download.Slot).ConfigureAwait(false);
        check.Expect(
            bytesOf(other.Slot) == before,
            PortRule.ClearsNothingElse,
            $"ClearAsync({download.Slot})",
            $"{bytesOf(other.Slot)} bytes of {before} are left of slot {other.Slot}");
        await ClearAsync(download.Slot).ConfigureAwait(false);
    }

    private async Task LeaveHalfWayAsync(SlotDownload download)
    {
        var (slot, call) = (download.Slot, $"Store({download.Slot})");
        var written = new Watched<ulong>(check, call, () => storage.Store(download));
        using (written)
        {
            await check.UntilAsync(() => written.Values.Count > 0 || written.IsOver).ConfigureAwait(false);
        }

        await ClearAsync(slot).ConfigureAwait(false);
        written.ExpectSilence();
        for (var moment = 0; moment < MomentsOfSilence; moment++)
        {
            await check.MomentAsync().ConfigureAwait(false);
        }

        check.Expect(
            bytesOf(slot) == 0,
            PortRule.StopsWhenLeft,
            call,
            $"{bytesOf(slot)} bytes were written after nobody listened any more");
    }

    private async Task CancelAsync(SlotKey slot)
    {
        await check.CancelAsync($"ClearAsync({slot})", ct => storage.ClearAsync(slot, ct)).ConfigureAwait(false);
        await check.CancelAsync(
            $"KeepUntilAsync({slot})", ct => storage.KeepUntilAsync(slot, downloads[0].KeepUntil, ct)).ConfigureAwait(false);
    }

    private async Task ClearAsync(SlotKey slot)
    {
        var call = $"ClearAsync({slot})";
        await check.DoAsync(call, ct => storage.ClearAsync(slot, ct)).ConfigureAwait(false);
        check.Expect(bytesOf(slot) == 0, PortRule.ClearsAll, call, $"{bytesOf(slot)} bytes are left");
    }
}
