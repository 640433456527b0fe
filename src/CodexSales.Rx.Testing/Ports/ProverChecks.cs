namespace CodexSales.Rx.Testing.Ports;

internal sealed class ProverChecks(
    PortCheck check, IProver prover, SlotKey slot, Func<SlotKey, Bytes32, Groth16Proof, bool>? verify)
{
    private static readonly Groth16Proof None = new(0, 0, 0, 0, 0, 0, 0, 0);

    private string Call => $"ProveAsync({slot})";

    public async Task RunAsync(Bytes32 one, Bytes32 other)
    {
        await PortCheck.StepAsync(() => ProveBothAsync(one, other)).ConfigureAwait(false);
        await PortCheck.StepAsync(() => check.CancelAsync(Call, ct => prover.ProveAsync(slot, one, ct))).ConfigureAwait(false);
    }

    private async Task ProveBothAsync(Bytes32 one, Bytes32 other)
    {
        var (first, second) = (ProveAsync(one), ProveAsync(other));
        await PortCheck.StepAsync(() => first).ConfigureAwait(false);
        await PortCheck.StepAsync(() => second).ConfigureAwait(false);
        check.Expect(
            verify is not null || (await first.ConfigureAwait(false)) != (await second.ConfigureAwait(false)),
            PortRule.ProvesItsChallenge,
            Call,
            "the proofs of two challenges are the same");
    }

    private async Task<Groth16Proof> ProveAsync(Bytes32 challenge)
    {
        var proof = await check.AskAsync(Call, ct => prover.ProveAsync(slot, challenge, ct)).ConfigureAwait(false);
        check.Expect(proof != None, PortRule.ProvesSomething, Call, "the proof is eight zeros");
        check.Expect(
            verify is null || verify(slot, challenge, proof),
            PortRule.ProvesItsChallenge,
            Call,
            $"the proof does not verify for challenge {challenge}");
        return proof;
    }
}
