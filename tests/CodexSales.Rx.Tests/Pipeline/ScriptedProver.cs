namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>A prover that a test scripts; by default each proof is there at once.</summary>
internal sealed class ScriptedProver : IProver
{
    public static Groth16Proof Proof { get; } = new(1, 2, 3, 4, 5, 6, 7, 8);

    public Func<SlotKey, CancellationToken, Task<Groth16Proof>> OnProve { get; set; } = (_, _) => Task.FromResult(Proof);

    public int Calls { get; private set; }

    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation)
    {
        Calls++;
        return OnProve(slot, cancellation);
    }
}
