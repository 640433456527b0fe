namespace CodexSales.Rx.Testing.Tests.Work;

public sealed class SimulatedProverTests
{
    private readonly VirtualTime _time = new();
    private readonly SimulatedProver _prover;

    public SimulatedProverTests() => _prover = new SimulatedProver(_time, TimeSpan.FromSeconds(30));

    [Fact]
    public void A_proof_takes_its_time_and_is_never_zero()
    {
        var proof = _time.Run(() => _prover.ProveAsync(default, default, default));

        Assert.NotEqual(new Groth16Proof(0, 0, 0, 0, 0, 0, 0, 0), proof);
        Assert.Equal(TimeSpan.FromSeconds(30), _time.Elapsed);
    }

    [Fact]
    public void Slots_and_challenges_have_proofs_of_their_own()
    {
        var challenge = Keccak256.Hash([1]);
        Groth16Proof[] proofs =
        [
            _time.Run(() => _prover.ProveAsync(default, default, default)),
            _time.Run(() => _prover.ProveAsync(default, challenge, default)),
            _time.Run(() => _prover.ProveAsync(new SlotKey(default, 1), challenge, default)),
        ];

        Assert.Equal(3, proofs.Distinct().Count());
    }

    [Fact]
    public void A_proof_fails_when_it_is_told_to()
    {
        _prover.Faults = call => call.Name == nameof(IProver.ProveAsync) ? WorkFault.Fails : WorkFault.None;

        Assert.Throws<IOException>(() => _time.Run(() => _prover.ProveAsync(default, default, default)));
        Assert.Equal(TimeSpan.FromSeconds(30), _time.Elapsed);
    }

    [Fact]
    public void A_proof_that_nobody_wants_any_more_leaves_no_timer()
    {
        using var source = new CancellationTokenSource();
        var proof = _prover.ProveAsync(default, default, source.Token);

        source.Cancel();

        Assert.True(proof.IsCanceled);
        Assert.Equal(0, _time.PendingCount);
    }
}
