using System.Reactive;
using System.Reactive.Subjects;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Asks a node over a WebSocket, and hears of new blocks as they come.</summary>
/// <remarks>
/// <para>
/// Connects when it is made and whenever the connection is lost, later each time (full jitter, to
/// <see cref="RpcOptions.LongestBackOff"/>), and subscribes to new heads anew. A question asked while there is no
/// connection gets <see cref="RpcNoAnswer"/> at once; one asked while a connection is being made waits for it.
/// </para>
/// <para>
/// A node that is silent for <see cref="RpcOptions.Silence"/> is asked for its block number; if it is still silent
/// then, it is dead. Broken and undecodable messages are told in <see cref="States"/> and harm nothing else.
/// </para>
/// <para>Threading: from any thread. Answers and notifications come on the scheduler, timers run on it.</para>
/// </remarks>
public sealed class WebSocketRpcTransport : IRpcLink, IRpcSessionWatcher
{
    private static readonly RpcRequest _subscribeToHeads = new("eth_subscribe", "[\"newHeads\"]"u8.ToArray());

    private readonly RpcEndpoint _endpoint;
    private readonly RpcOptions _options;
    private readonly IScheduler _scheduler;
    private readonly Func<CancellationToken, Task<IWire>> _connect;
    private readonly RpcGate _gate;
    private readonly RpcBatches _batches;
    private readonly BackOff _backOff;
    private readonly CancellationTokenSource _life = new();
    private readonly CancellationToken _ended;
    private readonly ISubject<Unit> _wakes = Subject.Synchronize(new Subject<Unit>());
    private readonly Latest<RpcLinkState> _states;

    // The session there is, or will be or not at the end of an attempt; without a session while it waits for the next
    // one.
    private volatile TaskCompletionSource<RpcSession?> _session = new();

    /// <summary>Begins to connect.</summary>
    /// <param name="endpoint">A URL of scheme ws or wss.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="scheduler">Where time passes and everything is told.</param>
    /// <exception cref="ArgumentException">The URL is of another scheme, or an option outside of its range.</exception>
    public WebSocketRpcTransport(RpcEndpoint endpoint, RpcOptions? options, IScheduler scheduler)
        : this(
            endpoint,
            options ?? new RpcOptions(),
            scheduler,
            cancellation => WebSocketWire.ConnectAsync(endpoint, options ?? new RpcOptions(), cancellation))
    {
    }

    internal WebSocketRpcTransport(
        RpcEndpoint endpoint, RpcOptions options, IScheduler scheduler, Func<CancellationToken, Task<IWire>> connect)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(scheduler);
        options = options with { }; // What is changed afterwards is nowhere checked.
        OptionErrors.ThrowAny(options.FindErrors());
        if (!endpoint.IsWebSocket)
        {
            throw new ArgumentException("The URL's scheme is neither ws nor wss.", nameof(endpoint));
        }

        (_endpoint, _options, _scheduler, _connect) = (endpoint, options, scheduler, connect);
        _ended = _life.Token;
        _gate = new RpcGate(options, scheduler);
        _backOff = new BackOff(
            options.LongestBackOff, options.HealthyPeriod, new Random((int)(scheduler.Now.Ticks & int.MaxValue)));
        _states = new Latest<RpcLinkState>(new RpcLinkState(endpoint.Name, 0, "There is no connection yet."));
        _batches = new RpcBatches(options.MaxBatch);
        scheduler.Schedule(() => _ = StayConnectedAsync());
    }

    /// <inheritdoc/>
    public RpcLinkState State => _states.Value;

    /// <inheritdoc/>
    public IObservable<RpcLinkState> States => _states.Values;

    /// <inheritdoc/>
    public IObservable<Unit> Wakes => _wakes.AsObservable();

    /// <inheritdoc/>
    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellation) =>
        (await AskMessageAsync([request], cancellation).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation) =>
        _batches.AskAsync(requests, batch => AskMessageAsync(batch, cancellation));

    /// <inheritdoc/>
    public void Suspect(string reason)
    {
        if (_session.Task is { IsCompletedSuccessfully: true } connected)
        {
            _ = EndAsync(connected, reason);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_ended.IsCancellationRequested)
        {
            _life.Cancel();
            _life.Dispose();
            Suspect("The transport was closed.");
        }
    }

    void IRpcSessionWatcher.Notified(RpcNotification notification)
    {
        // Whatever it said before that could not be understood, it makes sense again.
        if (State.Problem is not null)
        {
            _states.Value = State with { Problem = null };
        }

        _wakes.OnNext(Unit.Default);
    }

    void IRpcSessionWatcher.Complained(string problem) => _states.Value = State with { Problem = problem };

    private async Task<IReadOnlyList<RpcReply>> AskMessageAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellation)
    {
        await _gate.EnterAsync(requests.Count, cancellation).ConfigureAwait(false);
        try
        {
            var session = await _session.Task.WaitAsync(cancellation).ConfigureAwait(false);
            return session is null
                ? [.. requests.Select(_ => new RpcNoAnswer($"There is no connection to {_endpoint}.", false))]
                : await session.AskAsync(requests, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async Task StayConnectedAsync()
    {
        try
        {
            while (true)
            {
                var (heldFor, problem) = await HoldConnectionAsync().ConfigureAwait(false);
                _states.Value = State with { Problem = problem };
                await _scheduler.Sleep(_backOff.Next(heldFor), _ended).ConfigureAwait(false);
                _session = new TaskCompletionSource<RpcSession?>();
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            _session.TrySetResult(null);
        }
    }

    // Makes a connection, stays until it ends, and says how long it held and why it did not any longer.
    private async Task<(TimeSpan HeldFor, string Problem)> HoldConnectionAsync()
    {
        var attempt = _session;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_ended);
        var timer = _scheduler.Schedule(_options.Timeout, deadline.Cancel);
        IWire wire;
        try
        {
            wire = await _connect(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is IOException or OperationCanceledException)
        {
            timer.Dispose();
            await _scheduler.Yield(_ended).ConfigureAwait(false);
            attempt.TrySetResult(null);
            var why = failed is IOException ? failed.Message : "it takes too long.";
            return (TimeSpan.Zero, $"There is no connection to {_endpoint}: {_endpoint.Scrub(why)}");
        }

        timer.Dispose();
        var session = new RpcSession(wire, _endpoint, _options, _scheduler, this);
        try
        {
            return await HoldAsync(session, attempt).ConfigureAwait(false);
        }
        finally
        {
            session.Dispose();
        }
    }

    private async Task<(TimeSpan HeldFor, string Problem)> HoldAsync(
        RpcSession session, TaskCompletionSource<RpcSession?> attempt)
    {
        var end = session.RunAsync();
        await _scheduler.Yield(_ended).ConfigureAwait(false);
        var begun = _scheduler.Now;
        _batches.Forget();
        _states.Value = new RpcLinkState(_endpoint.Name, State.Connections + 1, null);
        attempt.TrySetResult(session);

        // Where a node can't push heads, the timers of whoever waits for them do.
        await session.AskAsync([_subscribeToHeads], _ended).ConfigureAwait(false);
        _wakes.OnNext(Unit.Default);

        var reason = await end.ConfigureAwait(false);
        _session = NoSession();
        await _scheduler.Yield(_ended).ConfigureAwait(false);
        return (_scheduler.Now - begun, reason);
    }

    private static async Task EndAsync(Task<RpcSession?> connected, string reason) =>
        (await connected.ConfigureAwait(false))?.End(reason);

    private static TaskCompletionSource<RpcSession?> NoSession()
    {
        var none = new TaskCompletionSource<RpcSession?>();
        none.SetResult(null);
        return none;
    }
}
