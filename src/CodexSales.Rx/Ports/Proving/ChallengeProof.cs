namespace CodexSales.Rx.Ports.Proving;

/// <summary>A proof, and what it proves.</summary>
/// <param name="Period">The period that it was made for.</param>
/// <param name="Challenge">The challenge: the contract takes the proof only as long as this is the slot's.</param>
/// <param name="Proof">The proof.</param>
internal sealed record ChallengeProof(ulong Period, Bytes32 Challenge, Groth16Proof Proof);
