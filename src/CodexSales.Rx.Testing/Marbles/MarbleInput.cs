namespace CodexSales.Rx.Testing.Marbles;

/// <summary>An input of a lane.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Input">What happens.</param>
/// <param name="At">Where its sign stands.</param>
internal sealed record PlacedInput(int Column, MarbleInput Input, Fragment At);

/// <summary>Something that happens to the pipeline. Closed: the cases are those in this file.</summary>
internal abstract record MarbleInput;

/// <summary>A client asks for storage. The same request again is the same event once more.</summary>
internal sealed record RequestInput(string Name, StorageAsk Ask, ulong ExpirySeconds) : MarbleInput;

/// <summary>Another host filled a slot.</summary>
internal sealed record FilledInput(SlotName Slot) : MarbleInput;

/// <summary>This host's fill of a slot, which was taken back, is in a block again.</summary>
internal sealed record LandedInput(SlotName Slot) : MarbleInput;

/// <summary>A slot lost its host.</summary>
internal sealed record FreedInput(SlotName Slot) : MarbleInput;

/// <summary>A slot has all its reservations.</summary>
internal sealed record FullInput(SlotName Slot) : MarbleInput;

/// <summary>All slots of a request are filled.</summary>
internal sealed record FulfilledInput(string Request) : MarbleInput;

/// <summary>A client took its money back.</summary>
internal sealed record CancelledInput(string Request) : MarbleInput;

/// <summary>A request lost too many slots.</summary>
internal sealed record FailedInput(string Request) : MarbleInput;

/// <summary>A reorganisation takes back the last event of that kind.</summary>
internal sealed record RevertInput(string Kind, string Request, SlotName? Slot) : MarbleInput;

/// <summary>An availability is added or changed.</summary>
internal sealed record AvailabilityInput(Availability Availability) : MarbleInput;

/// <summary>An availability is removed.</summary>
internal sealed record RemovedInput(AvailabilityId Id) : MarbleInput;

/// <summary>The connection to the chain is lost, or back.</summary>
internal sealed record RpcInput(bool IsLost) : MarbleInput;

/// <summary>Events are late while blocks come, or no longer.</summary>
internal sealed record EventsInput(bool AreLate) : MarbleInput;

/// <summary>What the contract wants proved in this period is something else from now on.</summary>
internal sealed record ChallengeInput : MarbleInput;

/// <summary>What the host app does with the pipeline.</summary>
internal sealed record HostInput(HostCommand Command, int Number = 0) : MarbleInput;

/// <summary>How a port works from now on.</summary>
internal sealed record PortInput(ScriptedPort Port, PortMode Mode) : MarbleInput;

/// <summary>Storage has written so much of the slots that it fetches.</summary>
internal sealed record WrittenInput(ulong Bytes) : MarbleInput;

/// <summary>Whether the contract wants proofs from now on.</summary>
internal sealed record ProofsInput(bool AreWanted) : MarbleInput;

/// <summary>What a host app can do.</summary>
internal enum HostCommand
{
    /// <summary>Lets no new sale start.</summary>
    Pause,

    /// <summary>Lets sales start again.</summary>
    Resume,

    /// <summary>Sets how many workers may be busy.</summary>
    Workers,

    /// <summary>Sets how many slots the queue holds.</summary>
    Queue,

    /// <summary>Disposes the run.</summary>
    Stop,

    /// <summary>Runs another pipeline, with the same account and disk and the availabilities as they were.</summary>
    Start,

    /// <summary>Subscribes to the queue once more: lane "late" tells what that subscriber sees.</summary>
    Subscribe,
}

/// <summary>What a specification can let go wrong.</summary>
internal enum ScriptedPort
{
    Storage,
    Prover,
    Reserve,
    Fill,
    Submit,
    Free,
}

/// <summary>How a port works.</summary>
internal enum PortMode
{
    /// <summary>At once, as it should.</summary>
    Works,

    /// <summary>Gives no answer until it works, or fails.</summary>
    Stalls,

    /// <summary>Fails. A transaction is refused by the contract.</summary>
    Fails,

    /// <summary>Transactions only: nobody knows what became of it, and it never lands.</summary>
    Lost,

    /// <summary>Transactions only: nobody knows what became of it, and it has landed.</summary>
    Unconfirmed,
}
