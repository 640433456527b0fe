using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Market;

/// <summary>What a slot must prove now.</summary>
/// <param name="IsRequired">Whether this period wants a proof. Source: <c>isProofRequired</c>.</param>
/// <param name="WillBeRequired">
/// Whether this period will want a proof once the downtime is over. Source: <c>willProofBeRequired</c>.
/// </param>
/// <param name="Pointer">
/// The pointer of the period, from 0 to 255; it grows by one with each block. Source: <c>getPointer</c>.
/// </param>
/// <param name="Challenge">What to prove, as of now. Source: <c>getChallenge</c>.</param>
public sealed record ProofDemand(bool IsRequired, bool WillBeRequired, byte Pointer, Bytes32 Challenge);
