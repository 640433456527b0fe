using System.Globalization;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Simulation.Scenarios;

/// <summary>
/// Something that happens to the provider at a moment of a scenario. Closed: the cases are those in this file.
/// </summary>
/// <param name="At">How long after the start.</param>
internal abstract record Act(TimeSpan At)
{
    /// <summary>How it is told in a story: one line, the same in every process.</summary>
    public abstract override string ToString();

    protected static CultureInfo Culture => CultureInfo.InvariantCulture;
}

/// <param name="At">When the client asks.</param>
/// <param name="Number">By which other acts name it.</param>
/// <param name="Ask">What it asks for.</param>
/// <param name="ExpirySeconds">How long it waits for hosts.</param>
/// <param name="Withdraws">Whether the client takes its money back if it is not served.</param>
internal sealed record Asked(TimeSpan At, int Number, StorageAsk Ask, ulong ExpirySeconds, bool Withdraws) : Act(At)
{
    public override string ToString() => string.Create(
        Culture,
        $"R{Number} asks for {Ask.Slots} x {Ask.SlotSizeBytes} B, {Ask.DurationSeconds} s, "
        + $"price {Ask.PricePerBytePerSecond}, collateral {Ask.CollateralPerByte}, proofs 1/{Ask.ProofProbability}, "
        + $"loss {Ask.MaxSlotLoss}, expiry {ExpirySeconds} s"
        + $"{(Withdraws ? ", withdraws" : "")}");
}

/// <param name="At">When it reserves the slot.</param>
/// <param name="Host">Which of the other hosts.</param>
/// <param name="Request">The request's number.</param>
/// <param name="Slot">Which slot.</param>
/// <param name="FillAfter">How long after that it fills it; null for never.</param>
/// <param name="QuitAfter">How long after the fill it gives it up; null when it lets itself be thrown out.</param>
internal sealed record RivalCame(
    TimeSpan At, int Host, int Request, ulong Slot, TimeSpan? FillAfter, TimeSpan? QuitAfter) : Act(At)
{
    public override string ToString() => string.Create(
        Culture,
        $"host {Host} reserves R{Request}/{Slot}"
        + $"{(FillAfter is { } f ? string.Create(Culture, $", fills it {f:g} later") : "")}"
        + $"{(QuitAfter is { } q ? string.Create(Culture, $", leaves it after {q:g}") : "")}");
}

/// <param name="At">When the provider saves it.</param>
/// <param name="Availability">What is for sale from then on.</param>
internal sealed record Offered(TimeSpan At, Availability Availability) : Act(At)
{
    public override string ToString() => string.Create(
        Culture,
        $"offers '{Availability.Id}': {Availability.TotalBytes} B, at most {Availability.MaxDurationSeconds} s, price "
        + $"{Availability.MinPricePerBytePerSecond}, collateral {Availability.TotalCollateral}"
        + $"{(Availability.IsDisabled ? ", disabled" : "")}"
        + $"{(Availability.Until is { } u ? string.Create(Culture, $", until {u}") : "")}");
}

internal sealed record Drained(TimeSpan At, AvailabilityId Id) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"drains '{Id}'");
}

internal sealed record Withdrawn(TimeSpan At, AvailabilityId Id) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"removes '{Id}'");
}

/// <param name="At">When.</param>
/// <param name="Limit">How many workers may be busy; null leaves it.</param>
/// <param name="IsPaused">Whether sales are paused; null leaves it.</param>
/// <param name="QueueCapacity">How many slots the queue holds; null leaves it.</param>
internal sealed record Adjusted(TimeSpan At, int? Limit, bool? IsPaused, int? QueueCapacity) : Act(At)
{
    public override string ToString() => string.Create(
        Culture,
        $"sets{(Limit is { } l ? string.Create(Culture, $" workers {l}") : "")}"
        + $"{(IsPaused is { } p ? p ? " paused" : " resumed" : "")}"
        + $"{(QueueCapacity is { } c ? string.Create(Culture, $" capacity {c}") : "")}");
}

/// <param name="At">From when.</param>
/// <param name="Span">For how long.</param>
/// <param name="Port">Which port has it.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Percent">With how many calls in a hundred.</param>
/// <param name="Seed">Decides with which.</param>
internal sealed record Troubled(TimeSpan At, TimeSpan Span, Port Port, Trouble Kind, int Percent, int Seed) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"{Port}: {Kind}, {Percent} % of calls, for {Span:g}");
}

/// <param name="At">When.</param>
/// <param name="Downtime">How long until the next process starts.</param>
/// <param name="OnCall">
/// The call in whose middle it happens, the first one after that moment; null for between two steps.
/// </param>
/// <param name="IsAfterCall">Whether that call still got out.</param>
/// <param name="KeepsWrites">Whether writes that were not confirmed had reached the disk all the same.</param>
internal sealed record Crashed(TimeSpan At, TimeSpan Downtime, string? OnCall, bool IsAfterCall, bool KeepsWrites)
    : Act(At)
{
    public override string ToString() => string.Create(
        Culture,
        $"crash{(OnCall is null ? "" : $" {(IsAfterCall ? "after" : "before")} {OnCall}")}, {Downtime:g} down"
        + $"{(KeepsWrites ? ", unconfirmed writes kept" : "")}");
}

/// <param name="At">When.</param>
/// <param name="Depth">How many blocks are replaced.</param>
/// <param name="Seed">Decides what becomes of each transaction in them, of ours, too.</param>
internal sealed record Reorganised(TimeSpan At, int Depth, int Seed) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"the last {Depth} blocks are replaced");
}

/// <param name="At">From when: with the next slot that we fill.</param>
/// <param name="ReplacedAfter">How long after that the blocks are replaced.</param>
internal sealed record Outrun(TimeSpan At, TimeSpan ReplacedAfter) : Act(At)
{
    public override string ToString() => string.Create(
        Culture, $"another host fills our next slot first, in a block that is replaced {ReplacedAfter:g} later");
}

/// <param name="At">From when.</param>
/// <param name="Span">For how long no block comes.</param>
/// <param name="Speed">How many times as fast they come afterwards.</param>
internal sealed record Halted(TimeSpan At, TimeSpan Span, int Speed) : Act(At)
{
    public override string ToString() =>
        string.Create(Culture, $"the chain stands still for {Span:g}, then goes on at speed {Speed}");
}

/// <param name="At">When.</param>
/// <param name="By">How far the wall clock is set forward, or back if it is negative.</param>
internal sealed record ClockSet(TimeSpan At, TimeSpan By) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"the wall clock is set by {By:g}");
}

/// <param name="At">From when.</param>
/// <param name="Span">For how long nothing is heard of the market.</param>
internal sealed record Silenced(TimeSpan At, TimeSpan Span) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"the market is silent for {Span:g}");
}

/// <param name="At">From when.</param>
/// <param name="Span">For how long nothing can be written, neither slots nor sales.</param>
internal sealed record DiskFilled(TimeSpan At, TimeSpan Span) : Act(At)
{
    public override string ToString() => string.Create(Culture, $"the disk is full for {Span:g}");
}

internal enum Port
{
    Questions,
    Transactions,
    Download,
    StorageCalls,
    Prover,

    /// <summary>The prover, for slots that are not ours yet: data that can't be proved, or not soon.</summary>
    FirstProofs,
    Store,
}

internal enum Trouble
{
    /// <summary>An error; of a transaction: it never lands, and is in doubt.</summary>
    Fails,

    /// <summary>No answer, ever.</summary>
    Stalls,

    /// <summary>It works, but takes long.</summary>
    Slow,

    /// <summary>It works, and the answer is lost.</summary>
    Unheard,

    /// <summary>It counts as lost, and works later all the same.</summary>
    Late,

    /// <summary>It works, and the answer comes many blocks later.</summary>
    ReceiptLate,

    /// <summary>There is no room on the disk.</summary>
    DiskFull,
}
