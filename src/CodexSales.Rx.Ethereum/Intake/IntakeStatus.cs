using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Keeps account of how an intake stands. Lives on the scheduler.</summary>
internal sealed class IntakeStatus
{
    private readonly Latest<IntakeHealth> _health;
    private readonly IRpcLink _link;
    private string? _problem = "No block was read yet.";

    public IntakeStatus(IRpcLink link, Random random)
    {
        (_link, Random) = (link, random);
        _health = new Latest<IntakeHealth>(new IntakeHealth(
            link.State.Endpoint, link.State.Reconnects, null, null, null, 0, _problem));
    }

    /// <summary>Spreads repetitions.</summary>
    public Random Random { get; }

    public IObservable<IntakeHealth> Values => _health.Values;

    public void SeeHead(BlockStamp head) => Set(_health.Value with { Head = head });

    public void Tell(BlockStamp block) => Set(_health.Value with { Told = block, Progress = null });

    public void Progress(IntakeProgress progress) => Set(_health.Value with { Progress = progress });

    public void Suffer(string problem)
    {
        _problem = problem;
        Refresh();
    }

    public void Solved()
    {
        _problem = null;
        Refresh();
    }

    public void MeetUndecodable(string reason)
    {
        _problem = $"A log of the contract can't be decoded; is it another contract? {reason}";
        Set(_health.Value with { Undecodable = _health.Value.Undecodable + 1 });
    }

    /// <summary>Looks again how the link stands.</summary>
    public void Refresh() => Set(_health.Value);

    private void Set(IntakeHealth health)
    {
        var link = _link.State;
        health = health with
        {
            Endpoint = link.Endpoint, Reconnects = link.Reconnects, Problem = _problem ?? link.Problem,
        };
        if (health != _health.Value)
        {
            _health.Value = health;
        }
    }
}
