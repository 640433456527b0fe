using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>The machine and its programs: disks, hooks, the store.</summary>
internal sealed class MachineRules(AlertLimits limits)
{
    public IEnumerable<Sign> Look(HostView view) =>
    [
        .. view.Disks.Where(disk => disk.Bytes < limits.Now.FreeBytes).Select(disk => new Sign(
            AlertKind.DiskLow,
            AlertSeverity.Warning,
            disk.Folder,
            $"{disk.Bytes} bytes are free on the disk of {disk.Folder}, less than {limits.Now.FreeBytes}.")),
        .. view.StoreDamage is { } damage
            ? [new Sign(AlertKind.StoreTrouble, AlertSeverity.Critical, "", $"{damage} An empty one took its place: availabilities and history are gone.")]
            : Array.Empty<Sign>(),
        .. view.Health.FailingPorts.Where(port => view.Now - port.Since >= limits.Now.FailingAfter).Select(Failing),
    ];

    private static Sign Failing(FailingPort port) => port.Port switch
    {
        HostPort.Store => new Sign(
            AlertKind.StoreTrouble, AlertSeverity.Critical, "Writing", $"What is decided can't be written down: {Said(port)}"),
        HostPort.Prover => new Sign(AlertKind.HookFailing, AlertSeverity.Critical, "Prover", $"Proving fails: {Said(port)}"),
        HostPort.Storage => new Sign(AlertKind.HookFailing, AlertSeverity.Warning, "Storage", $"Storing fails: {Said(port)}"),
        HostPort.Transactions => new Sign(
            AlertKind.MarketFailing, AlertSeverity.Critical, "Transactions", $"Sending transactions fails: {Said(port)}"),
        _ => new Sign(AlertKind.MarketFailing, AlertSeverity.Critical, "Market", $"Asking the market fails: {Said(port)}"),
    };

    private static string Said(FailingPort port) => $"{port.LastError.TrimEnd('.')}.";
}
