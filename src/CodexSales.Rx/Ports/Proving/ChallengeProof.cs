namespace CodexSales.Rx.Ports.Proving;

/// <summary>A proof, and its period and challenge: the contract takes it only as long as this is the slot's challenge.</summary>
internal sealed record ChallengeProof(ulong Period, Bytes32 Challenge, Groth16Proof Proof);
