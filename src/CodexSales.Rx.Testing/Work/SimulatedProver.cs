namespace CodexSales.Rx.Testing.Work;

/// <summary>
/// A prover that proves nothing: after a while it answers with a proof which the simulated contract accepts for that
/// slot, as long as the challenge is the one that it was made for.
/// </summary>
/// <remarks>
/// The proof depends on slot and challenge alone. Threading: runs on the scheduler, and must be called from it.
/// </remarks>
public sealed class SimulatedProver : IProver
{
    private readonly IScheduler _scheduler;
    private readonly TimeSpan _duration;

    /// <summary>A prover that needs the same time for every proof.</summary>
    /// <param name="scheduler">Gives the time.</param>
    /// <param name="duration">
    /// How long a proof takes. With zero it comes at the same moment, but never inside of the call.
    /// </param>
    public SimulatedProver(IScheduler scheduler, TimeSpan duration = default)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        _duration = duration;
    }

    /// <summary>
    /// What the simulated contract accepts whatever the challenge is: for hosts of a test that prove at the very moment
    /// at which their transaction lands.
    /// </summary>
    public static Groth16Proof AnyProof => ValidProof.OfAnything;

    /// <summary>Decides, for each proof as it is asked for, what goes wrong with it. By default nothing does.</summary>
    public Func<WorkCall, WorkFault> Faults { get; set; } = _ => WorkFault.None;

    /// <inheritdoc/>
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation)
    {
        var call = new WorkCall(nameof(ProveAsync), slot, _scheduler.Now);
        return _scheduler.WorkAsync(_duration, call, Faults(call), () => ValidProof.Of(slot, challenge), cancellation);
    }
}
