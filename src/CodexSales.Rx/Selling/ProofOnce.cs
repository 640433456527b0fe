using System.Reactive.Disposables;
using System.Reactive.Linq;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The proof of a challenge, made once however often it is wanted: a look that comes meanwhile does not begin it anew.
/// </summary>
/// <remarks>Lives on the core scheduler. Disposing gives up what is being made.</remarks>
internal sealed class ProofOnce(Func<ProofDemand, IObservable<ChallengeProof>> make) : IDisposable
{
    private readonly SerialDisposable _making = new();
    private (ProofDemand Demand, IObservable<ChallengeProof> Proof)? _current;

    /// <summary>The proof. One that could not be made is made anew when it is wanted again.</summary>
    public IObservable<ChallengeProof> Of(ProofDemand demand) => Observable.Defer(() =>
    {
        if (_current is not { } current
            || (current.Demand.Period, current.Demand.Challenge) != (demand.Period, demand.Challenge))
        {
            var proof = make(demand).Do(_ => { }, _ => _current = null).PublishLast();
            _current = current = (demand, proof);
            _making.Disposable = proof.Connect();
        }

        return current.Proof;
    });

    /// <summary>The proof that there is does not verify: the next one that is wanted is made anew.</summary>
    public void Forget() => _current = null;

    /// <inheritdoc/>
    public void Dispose() => _making.Dispose();
}
