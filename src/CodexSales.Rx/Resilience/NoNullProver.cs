using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Resilience;

internal sealed class NoNullProver(IProver prover) : IProver
{
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellationToken) =>
        NoNull.Answer(nameof(IProver), prover.ProveAsync(slot, challenge, cancellationToken));
}
