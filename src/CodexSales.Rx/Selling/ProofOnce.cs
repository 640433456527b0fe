using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Selling;

/// <summary>The proof of a challenge, made once however often it is wanted: a look that comes meanwhile does not begin
/// it anew.</summary>
/// <remarks>Lives on the core scheduler. Disposing gives up the proof that is being made.</remarks>
internal sealed class ProofOnce(Func<ProofDemand, IObservable<ChallengeProof>> make) : IDisposable
{
    private readonly SerialDisposable _making = new();
    private (ProofDemand Demand, IObservable<ChallengeProof> Proof)? _current;

    /// <summary>True if its proof is there, or is being made.</summary>
    public bool IsOf(ProofDemand demand) => _current is { Demand: var current }
        && (current.Period, current.Challenge) == (demand.Period, demand.Challenge);

    /// <summary>The proof. One that could not be made is made anew when it is wanted again.</summary>
    public IObservable<ChallengeProof> Of(ProofDemand demand) => Observable.Defer(() =>
    {
        if (!IsOf(demand))
        {
            var proof = make(demand).Do(_ => { }, _ => _current = null).PublishLast();
            _current = (demand, proof);
            _making.Disposable = proof.Connect();
            return proof;
        }

        return _current!.Value.Proof;
    });

    /// <summary>The proof that there is does not verify: the next one that is wanted is made anew.</summary>
    public void Forget() => _current = null;

    /// <summary>Gives up the proof of an earlier period: nobody wants it any more, and others wait for its turn.</summary>
    public void GiveUpBefore(ulong period)
    {
        if (_current?.Demand.Period < period)
        {
            (_current, _making.Disposable) = (null, null);
        }
    }

    public void Dispose() => _making.Dispose();
}
