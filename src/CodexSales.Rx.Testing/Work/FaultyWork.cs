namespace CodexSales.Rx.Testing.Work;

/// <summary>Work on a scheduler that may be told to go wrong.</summary>
internal static class FaultyWork
{
    // ERROR_DISK_FULL.
    private const int DiskFullError = unchecked((int)0x80070070);

    /// <summary>The additional time of slow work.</summary>
    public static readonly TimeSpan Slowness = TimeSpan.FromMinutes(10);

    /// <summary>Works for a while, and then completes, fails or stalls as the fault says.</summary>
    public static Task<T> WorkAsync<T>(
        this IScheduler scheduler,
        TimeSpan delay,
        WorkCall call,
        WorkFault fault,
        Func<T> work,
        CancellationToken cancellationToken) => fault switch
        {
            WorkFault.Stalls => ScheduledCalls.StallAsync<T>(cancellationToken),
            WorkFault.Fails or WorkFault.DiskFull => scheduler.CallAsync<T>(
                delay, () => throw ErrorOf(call.Name, call.Slot, fault), cancellationToken),
            WorkFault.Slow => scheduler.CallAsync(delay + Slowness, work, cancellationToken),
            _ => scheduler.CallAsync(delay, work, cancellationToken),
        };

    public static IOException ErrorOf(string name, SlotKey slot, WorkFault fault) => fault == WorkFault.DiskFull
        ? new IOException($"There is not enough space on the disk ({name} of slot {slot.ToShortString()}).", DiskFullError)
        : new IOException($"{name} of slot {slot.ToShortString()} failed, as it was told to.");
}
