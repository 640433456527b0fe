namespace CodexSales.Rx.Ports.Market;

/// <summary>The proof that a slot owes in the period of a block.</summary>
/// <param name="Period">The period: the block's timestamp divided by the period's length.</param>
/// <param name="IsRequired">Whether the period wants a proof. Source: <c>isProofRequired</c>.</param>
/// <param name="WillBeRequired">The same once the downtime is over. Source: <c>willProofBeRequired</c>.</param>
/// <param name="Pointer">
/// The pointer of the period as of the block, from 0 to 255; it grows by one with each block, and so names the same
/// old block until it wraps. Source: <c>getPointer</c>.
/// </param>
/// <param name="Challenge">
/// The input of the proof. The contract verifies a proof against the challenge of the block that the proof lands in.
/// Source: <c>getChallenge</c>.
/// </param>
public sealed record ProofDemand(ulong Period, bool IsRequired, bool WillBeRequired, byte Pointer, Bytes32 Challenge);
