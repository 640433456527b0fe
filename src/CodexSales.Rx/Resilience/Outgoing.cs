using CodexSales.Rx.Threading;

namespace CodexSales.Rx.Resilience;

/// <summary>Work on its way out of the process, better waited for than cut off: transactions that are being sent,
/// decisions that are being written.</summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class Outgoing(Core core)
{
    private int _underWay;
    private Action _atRest = () => { };

    /// <summary>Whether nothing is begun any more that can wait for the next process.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Counts work as on its way for as long as it goes on.</summary>
    public IObservable<T> Count<T>(IObservable<T> work) => Observable.Defer(() =>
    {
        _underWay++;
        return work.Finally(() =>
        {
            _underWay--;
            Look();
        });
    });

    /// <summary>Nothing new is to begin from now on.</summary>
    /// <param name="atRest">Called as soon as nothing is on its way.</param>
    public void Stop(Action atRest)
    {
        IsStopping = true;
        _atRest += atRest;
        Look();
    }

    // The end of one may begin another at once.
    private void Look()
    {
        if (IsStopping && _underWay == 0)
        {
            core.Follow(() =>
            {
                if (_underWay == 0)
                {
                    _atRest();
                }
            });
        }
    }
}
