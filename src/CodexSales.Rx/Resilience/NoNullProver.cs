using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Resilience;

/// <summary>A prover whose null is an error that names the member.</summary>
internal sealed class NoNullProver(IProver prover) : IProver
{
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        NoNull.Answer(nameof(IProver), prover.ProveAsync(slot, challenge, cancellation));
}
