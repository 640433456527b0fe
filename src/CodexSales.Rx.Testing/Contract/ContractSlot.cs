namespace CodexSales.Rx.Testing.Contract;

/// <summary>The contract's state of a slot that was filled at least once.</summary>
internal sealed class ContractSlot(SlotKey key, SlotId id, RequestRecord request)
{
    public SlotKey Key => key;

    public SlotId Id => id;

    public RequestRecord Request { get; private set; } = request;

    /// <summary>As it was written last. The state now depends on the request too: <see cref="StateAt"/>.</summary>
    public SlotState Stored { get; set; }

    /// <summary>Who fills or filled it; the zero address when it waits for repair.</summary>
    public Address Host { get; set; }

    public UnixSeconds FilledAt { get; set; }

    public UInt256 Collateral { get; set; }

    /// <summary>The period of the last fill, in which no further proof is required.</summary>
    public ulong FirstPeriod { get; set; }

    public int MissedProofs { get; set; }

    public bool IsWatched { get; set; }

    // Proofs come in order of time, and only the period just ended is ever asked for: two are enough.
    private ulong? _lastProof;
    private ulong? _proofBefore;

    public bool HasProofOf(ulong period) => _lastProof == period || _proofBefore == period;

    public void AddProof(ulong period) => (_proofBefore, _lastProof) = (_lastProof, period);

    public ContractSlot CopyOf(RequestRecord itsRequest)
    {
        var copy = (ContractSlot)MemberwiseClone();
        copy.Request = itsRequest;
        return copy;
    }

    public SlotState StateAt(UnixSeconds now) => (Stored, Request.StateAt(now)) switch
    {
        (SlotState.Paid, _) => SlotState.Paid,
        (_, RequestState.Cancelled) => SlotState.Cancelled,
        (_, RequestState.Finished) => SlotState.Finished,
        (_, RequestState.Failed) => SlotState.Failed,
        _ => Stored,
    };
}
