using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>A prover that no sale gets to.</summary>
internal sealed class UnusedProver : IProver
{
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
