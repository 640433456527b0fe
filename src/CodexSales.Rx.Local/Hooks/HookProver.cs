using CodexSales.Rx.Local.Work;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>Proofs by a program of the operator's, which reads one JSON object and writes one.</summary>
/// <remarks>
/// The hook reads slot and challenge as one line, answers with one line, <c>{"proof":{…}}</c> or
/// <c>{"error":"a sentence"}</c>, and ends with exit code 0: see this project's README. Every failure is a
/// <see cref="HookException"/> with a sentence. Cancelling, a reached limit and a wrong answer kill the hook; processes that
/// it leaves are killed. Threading: may be called from any thread; all work is done on the task pool.
/// </remarks>
public sealed class HookProver : IProver
{
    private readonly HookRunner _prove;

    /// <summary>Proofs by a hook.</summary>
    /// <param name="prove">The hook. <see cref="HookCommand.MaxProcesses"/> proofs are made at once.</param>
    /// <param name="scheduler">Gives the time for its limit, on any thread: <see cref="EventLoopScheduler"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public HookProver(HookCommand prove, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(prove);
        ArgumentNullException.ThrowIfNull(scheduler);
        OptionErrors.ThrowAny(prove.FindErrors());
        _prove = new HookRunner("prove", prove, scheduler);
    }

    /// <inheritdoc/>
    /// <exception cref="HookException">The hook did not do it.</exception>
    public Task<Groth16Proof> ProveAsync(
        SlotKey slot, Bytes32 challenge, CancellationToken cancellationToken = default) =>
        RunOnThreadPool.RunAsync(
            async stop =>
            {
                Groth16Proof? proof = null;
                await _prove.RunAsync(
                    HookInput.Prove(slot, challenge), answer => (proof = ProofOf(answer)) is not null, stop)
                    .ConfigureAwait(false);
                return proof!;
            },
            cancellationToken);

    private static Groth16Proof ProofOf(HookAnswer answer) => answer is HookAnswer.Proved proved
        ? proved.Proof
        : throw new FormatException("{\"proof\":{…}} or {\"error\":\"…\"} is expected");
}
