using System.Diagnostics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Health;

/// <summary>A pipeline's health at one moment: whether it sells, and if not, the reason and the remedy. Immutable.</summary>
public sealed record SalesHealth
{
    // A chain in good health has a block far more often than that.
    private static readonly TimeSpan LongSilence = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan LongestUsualWait = TimeSpan.FromMinutes(1);

    /// <summary>The moment, on the scheduler's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The newest block that the market has told; null before the first one.</summary>
    public required BlockStamp? Head { get; init; }

    /// <summary>The time since then.</summary>
    public required TimeSpan SinceHead { get; init; }

    /// <summary>The state of the workers, with the reason if one is idle.</summary>
    public required WorkerStatus Workers { get; init; }

    /// <summary>The number of slots in the queue.</summary>
    public required int Queued { get; init; }

    /// <summary>The number of slots of the whole market that can be filled.</summary>
    public required UInt128 OpenSlots { get; init; }

    /// <summary>The number of slots that are hosted: ours, and proved until their requests end.</summary>
    public required int Hosted { get; init; }

    /// <summary>The number of proofs that the prover can make in a period, as measured; null if not known.</summary>
    public required long? ProofsPerPeriod { get; init; }

    /// <summary>The time of the slowest of the last proofs; null as long as none was made.</summary>
    public TimeSpan? SlowestProof { get; init; }

    /// <summary>A period's time for a proof: from its first block to the one before the last. Null before the first block.</summary>
    public TimeSpan? TimeToProve { get; init; }

    /// <summary>The number of proofs marked as missing of slots that are hosted now.</summary>
    public required int MissedProofs { get; init; }

    /// <summary>The ports that have failed and have not worked since.</summary>
    public required IReadOnlyList<FailingPort> FailingPorts { get; init; }

    /// <summary>The reasons for which requests and slots were refused since the start, with their counts.</summary>
    public required IReadOnlyDictionary<RefusalReason, long> Refused { get; init; }

    /// <summary>The amounts held, expected, earned, slashed and lost, over all availabilities.</summary>
    public required SalesTotals Books { get; init; }

    /// <summary>True after so long without a new block that the chain, or the way to it, must be broken: nothing can be sold.</summary>
    public bool IsBlockOverdue => Head is not null && SinceHead > LongSilence;

    /// <summary>All of it in one sentence, and what the operator can do where something is wrong.</summary>
    public override string ToString() =>
        $"{Trouble}{WhatWorkersDo}. Queued: {Queued}, hosted: {Hosted}; {Block}.";

    private string Block => Head is { } head ? $"the newest block, {head.Number}, is {SinceHead.TotalSeconds:0} s old" : "no block was seen yet";

    private string Trouble => string.Concat(Troubles.Select(trouble => trouble.EndsWith('?') ? $"{trouble} " : $"{trouble}. "));

    private IEnumerable<string> Troubles
    {
        get
        {
            if (IsBlockOverdue)
            {
                yield return "No new block comes: is the node in sync, and can it be reached?";
            }

            if (MissedProofs > 0)
            {
                yield return $"{MissedProofs} proofs of hosted slots were missed, which costs collateral: is the prover fast enough, and the node in sync?";
            }

            if (SlowestProof is { } took && TimeToProve is { } time && ProverPace.IsNear(took, time))
            {
                yield return $"A proof took {took.TotalSeconds:0.#} s of the {time.TotalSeconds:0.#} s that a period leaves for one: is the prover fast enough?";
            }

            foreach (var port in FailingPorts)
            {
                yield return $"{Name(port.Port)} failed {port.Failures} times since {port.Since:u}: {port.LastError.TrimEnd('.')}";
            }
        }
    }

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
        IdleReason.Held => $"nothing new is begun: {Workers.HeldBecause?.TrimEnd('.')}",
        IdleReason.NoWorkers => "no worker may be busy",
        IdleReason.PastIsBeingTold => "the events of the past are being read",
        IdleReason.ProofsAreMissed => "proofs were missed, and nothing new is begun until three periods went without that",
        IdleReason.PortsFail => "what a sale needs has failed again and again, and only one at a time tries whether it works again",
        IdleReason.ProofsTakeTooLong =>
            ProofsPerPeriod is { } most
                ? $"{most} proofs can be made in a period, by how long they take and how many were made at once: a faster prover could host more"
                : "how long proofs take is being measured",
        IdleReason.OnlyDeferredSlots =>
            "all that is queued was given up for want of space or collateral, and waits for an availability to change",
        IdleReason.QueueIsEmpty when OpenSlots == 0 => "no slot is open on the market",
        IdleReason.QueueIsEmpty => $"none of {OpenSlots} open slots is taken by an availability{WhyRefused}",
        var unknown => throw new UnreachableException($"{unknown}"),
    };

    private string WhyRefused => Refused.Count == 0
        ? ""
        : $" (refused so far: {string.Join(", ", Refused.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {Words(pair.Key.ToString())}"))})";

    private string HowLongWaiting => Workers.OldestTicket is { } since && At - since > LongestUsualWait
        ? $", and a queued slot has waited {(At - since).TotalSeconds:0} s for its turn"
        : "";

    private static string Name(HostPort port) => port switch
    {
        HostPort.Market => "Asking the market",
        HostPort.Transactions => "Sending transactions",
        HostPort.Storage => "Storage",
        HostPort.Prover => "Proving",
        _ => "Writing to the store",
    };

    private static string Words(string name) => string.Concat(
        name.Select((letter, place) => char.IsUpper(letter) && place > 0 ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
