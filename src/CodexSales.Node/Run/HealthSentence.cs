using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Working;

namespace CodexSales.Node.Run;

/// <summary>Whether the host is selling, and if not why, in one sentence.</summary>
internal sealed record HealthSentence
{
    private static readonly TimeSpan LongestUsualWait = TimeSpan.FromMinutes(1);

    /// <summary>What time it is.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How the reading of the chain stands.</summary>
    public required IntakeHealth Chain { get; init; }

    /// <summary>What the workers do.</summary>
    public required WorkerStatus Workers { get; init; }

    /// <summary>How many slots are queued.</summary>
    public required int Queued { get; init; }

    /// <summary>How many slots of the market can be filled.</summary>
    public required UInt128 OpenSlots { get; init; }

    /// <summary>How many sales are under way, those of the workers included.</summary>
    public required int Sales { get; init; }

    /// <summary>Why requests and slots were refused, and how often.</summary>
    public required IReadOnlyDictionary<RefusalReason, int> Refused { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Chain switch
    {
        { Problem: { } problem } => $"Not up to date: {problem} {char.ToUpperInvariant(Block[0])}{Block[1..]}.",
        { Progress: { } progress } => $"Reading what happened before: {progress.Fraction:P0} of the blocks from "
            + $"{progress.From} to {progress.To}, {progress.Events} events so far.",
        { Told: null } => "Reading what happened before.",
        _ => $"{WhatWorkersDo}. Queued: {Queued}, hosted: {Math.Max(0, Sales - Workers.Busy)}; {Block}.",
    };

    private string Block => Chain.Head is { } head
        ? $"the newest block, {head.Number}, is {Chain.AgeOfHead(Now)?.TotalSeconds:0} s old"
        : "no block was seen yet";

    private string WhatWorkersDo => (Workers, WhyIdle) switch
    {
        ({ Busy: 0 }, { } why) => $"Waiting: {why}",
        (_, { } why) => $"Selling: {Workers.Busy} of {Workers.Limit} workers busy; {why}",
        _ => $"Selling: {Workers.Busy} of {Workers.Limit} workers busy{HowLongWaiting}",
    };

    private string? WhyIdle => Workers.Idle switch
    {
        null => null,
        IdleReason.Paused => "new sales are paused",
        IdleReason.NoWorkers => "no worker may be busy",
        IdleReason.OnlySeenSlots =>
            "all that is queued was given up for want of space or collateral, and waits for an availability to change",
        _ when OpenSlots == 0 => "no slot is open on the market",
        _ => $"none of {OpenSlots} open slots is taken by an availability{WhyRefused}",
    };

    private string WhyRefused => Refused.Count == 0
        ? ""
        : $" (refused so far: {string.Join(", ", Refused.Select(pair => $"{pair.Value} {Words.Of(pair.Key)}"))})";

    private string HowLongWaiting => Workers.OldestTicket is { } since && Now - since > LongestUsualWait
        ? $", and a queued slot has waited {(Now - since).TotalSeconds:0} s for its turn"
        : "";
}
