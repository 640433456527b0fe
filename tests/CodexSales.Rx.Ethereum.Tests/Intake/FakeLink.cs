using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A link to a fake node in virtual time, which a test can cut, slow down or lie with.</summary>
internal sealed class FakeLink(FakeNode node, VirtualTime time, string name = "fake") : IRpcLink
{
    private readonly BehaviorSubject<RpcLinkState> _states = new(new RpcLinkState(name, 1, null));
    private readonly Subject<Unit> _wakes = new();
    private readonly List<TaskCompletionSource> _underWay = [];

    /// <summary>How long an answer takes.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(0.05);

    /// <summary>Answers in place of the node; null leaves it to the node.</summary>
    public Func<RpcRequest, RpcReply?> Instead { get; set; } = _ => null;

    /// <summary>Picks the back end that answers a message, by the chain that it sees.</summary>
    public Func<IReadOnlyList<FakeBlock>> View { get; set; } = () => node.Chain;

    public List<string> Suspicions { get; } = [];

    public List<RpcRequest> Asked { get; } = [];

    public int MostUnderWay { get; private set; }

    public RpcLinkState State => _states.Value;

    public IObservable<RpcLinkState> States => _states.AsObservable();

    public IObservable<Unit> Wakes => _wakes.AsObservable();

    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation) =>
        (await AskAsync([request], cancellation))[0];

    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        Asked.AddRange(requests);
        var answered = new TaskCompletionSource();
        _underWay.Add(answered);
        MostUnderWay = Math.Max(MostUnderWay, _underWay.Count);
        using var timer = time.Schedule(Latency, () => answered.TrySetResult());
        using var registration = cancellation.Register(() => answered.TrySetCanceled(cancellation));
        try
        {
            await answered.Task;
        }
        catch (IOException)
        {
            return [.. requests.Select(_ => new RpcNoAnswer("The connection broke.", MayHaveArrived: true))];
        }
        finally
        {
            _underWay.Remove(answered);
        }

        var view = View();
        return [.. requests.Select(request => Instead(request) ?? node.Answer(request, view))];
    }

    /// <summary>Loses the connection, and has another one at once.</summary>
    public void Disconnect()
    {
        foreach (var waiting in _underWay.ToArray())
        {
            waiting.TrySetException(new IOException());
        }

        _states.OnNext(State with { Connections = State.Connections + 1 });
        _wakes.OnNext(Unit.Default);
    }

    /// <summary>Pushes a head.</summary>
    public void Push() => _wakes.OnNext(Unit.Default);

    public void Move(string endpoint) =>
        _states.OnNext(new RpcLinkState(endpoint, State.Connections + 1, null));

    public void Suspect(string reason) => Suspicions.Add(reason);

    public void Dispose()
    {
        _states.Dispose();
        _wakes.Dispose();
    }
}
