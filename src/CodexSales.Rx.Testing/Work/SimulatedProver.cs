namespace CodexSales.Rx.Testing.Work;

/// <summary>A prover that takes its time; the simulated contract takes its proof for that challenge.</summary>
/// <remarks>Proofs depend on slot and challenge alone. Threading: on the scheduler, and called from it.</remarks>
public sealed class SimulatedProver : IProver
{
    private readonly IScheduler _scheduler;
    private readonly TimeSpan _duration;

    /// <summary>A prover that needs the same time for every proof.</summary>
    /// <param name="scheduler">Gives the time.</param>
    /// <param name="duration">How long a proof takes. With zero it comes at once, but not inside of the call.</param>
    public SimulatedProver(IScheduler scheduler, TimeSpan duration = default)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        _duration = duration;
    }

    /// <summary>A proof that the simulated contract takes for any challenge: for hosts of a test.</summary>
    public static Groth16Proof AnyProof => ValidProof.OfAnything;

    /// <summary>Decides, for each proof as it is asked for, what goes wrong with it. By default nothing does.</summary>
    public Func<WorkCall, WorkFault> Faults { get; set; } = _ => WorkFault.None;

    /// <inheritdoc/>
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellationToken = default)
    {
        var call = new WorkCall(nameof(ProveAsync), slot, _scheduler.Now);
        return _scheduler.WorkAsync(
            _duration, call, Faults(call), () => ValidProof.Of(slot, challenge), cancellationToken);
    }
}
