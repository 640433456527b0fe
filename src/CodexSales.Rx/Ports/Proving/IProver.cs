namespace CodexSales.Rx.Ports.Proving;

/// <summary>Makes proofs that this host holds the data of a slot. Supplied by the host app.</summary>
/// <remarks>
/// Threading: called from the pipeline's core scheduler, for several slots at once; the work itself belongs on a thread of the
/// host's. Answers and notifications may come on any thread.
/// </remarks>
public interface IProver
{
    /// <summary>
    /// Proves the slot for a challenge. Any exception counts as a failed attempt and may be followed by another one, and so
    /// does a proof of eight zeros; a cancelled token means that nobody wants the proof any more.
    /// </summary>
    Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellationToken = default);
}
