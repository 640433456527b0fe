namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The prover of a specification: proofs are there at once, unless the specification says otherwise.</summary>
internal sealed class ScriptedProver(OpenCalls open) : IProver, IDisposable
{
    private readonly PortSwitch _switch = new();

    public Action<string, SlotKey> Called { get; set; } = (_, _) => { };

    public void Set(PortMode mode) => _switch.Set(mode);

    public async Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellationToken)
    {
        Called("prove", slot);
        var mode = await open.WaitAsync($"a proof of slot {slot}", _switch.AnswerAsync(cancellationToken))
            .ConfigureAwait(false);
        return mode == PortMode.Works
            ? ValidProof.Of(slot, challenge)
            : throw new InvalidOperationException("The prover fails.");
    }

    public void Dispose() => _switch.Dispose();
}
