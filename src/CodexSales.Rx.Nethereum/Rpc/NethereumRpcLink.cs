using System.Reactive;
using CodexSales.Rx.Ethereum.Rpc;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.Client.RpcMessages;
using RpcRequest = CodexSales.Rx.Ethereum.Rpc.RpcRequest;

namespace CodexSales.Rx.Nethereum.Rpc;

/// <summary>Asks a node through a client of Nethereum: over HTTP, IPC or a WebSocket, or one of one's own.</summary>
/// <remarks>
/// <para>
/// An error that the node answers with is an <see cref="Ethereum.Rpc.RpcError"/>, and so is an HTTP status of 4xx that the
/// client throws. Any other exception, a timeout among them, is an <see cref="RpcNoAnswer"/>, as is an answer to another
/// question. Of the options, those of one connection (<see cref="RpcOptions.MaxReplyBytes"/>,
/// <see cref="RpcOptions.Silence"/> and the back-off) are up to the client.
/// </para>
/// <para>Threading: any thread; the deadlines run on the scheduler. The client must take several questions at once.</para>
/// </remarks>
public sealed class NethereumRpcLink : IRpcLink
{
    private readonly IClient _client;
    private readonly RpcEndpoint _endpoint;
    private readonly RpcOptions _options;
    private readonly IScheduler _scheduler;
    private readonly RpcGate _gate;
    private readonly RpcBatches _batches;
    private readonly Latest<RpcLinkState> _states;
    private readonly CancellationTokenSource _life = new();
    private readonly CancellationToken _ended;
    private readonly Lock _lock = new();
    private bool _isUnreachable;
    private long _lastId;

    /// <summary>Makes a link; nothing is asked until somebody asks.</summary>
    /// <param name="client">The client. Stays the caller's to dispose of.</param>
    /// <param name="endpoint">The node that it asks: names it, and its secrets are kept out of what is told.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="scheduler">Where time passes.</param>
    /// <param name="wakes">
    /// Tells that there may be a new block, such as a subscription to heads; from any thread. The intake looks for itself
    /// when it ends, fails or is null.
    /// </param>
    /// <exception cref="ArgumentException">An option is outside of its range.</exception>
    public NethereumRpcLink(
        IClient client, RpcEndpoint endpoint, RpcOptions? options, IScheduler scheduler, IObservable<Unit>? wakes = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(scheduler);
        options = (options ?? new RpcOptions()) with { }; // Later changes would not be validated.
        OptionErrors.ThrowAny(options.FindErrors());
        (_client, _endpoint, _options, _scheduler, _ended) = (client, endpoint, options, scheduler, _life.Token);
        _gate = new RpcGate(options, scheduler);
        _batches = new RpcBatches(options.MaxBatch);
        _states = new Latest<RpcLinkState>(new RpcLinkState(endpoint.Name, 1, null));
        Wakes = (wakes ?? Observable.Never<Unit>()).Catch((Exception failed) => NoteNoWakes(failed));
    }

    /// <inheritdoc/>
    public RpcLinkState State => _states.Value;

    /// <inheritdoc/>
    public IObservable<RpcLinkState> States => _states.Values;

    /// <inheritdoc/>
    public IObservable<Unit> Wakes { get; }

    /// <inheritdoc/>
    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellationToken = default) =>
        (await AskMessageAsync([request], cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public Task<IReadOnlyList<RpcReply>> AskAsync(IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken = default) =>
        _batches.AskAsync(requests, batch => AskMessageAsync(batch, cancellationToken));

    /// <inheritdoc/>
    /// <remarks>Only shows the reason as the problem: the client connects by itself.</remarks>
    public void Suspect(string reason) => Change(state => state with { Problem = reason });

    /// <inheritdoc/>
    public void Dispose()
    {
        // Once ended, the link still takes questions, and answers none.
        if (!_ended.IsCancellationRequested)
        {
            _life.Cancel();
            _life.Dispose();
        }
    }

    private async Task<IReadOnlyList<RpcReply>> AskMessageAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken = default)
    {
        await _gate.EnterAsync(requests.Count, cancellationToken).ConfigureAwait(false);
        try
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended);
            using var deadline = _scheduler.Schedule(_options.Timeout, wait.Cancel);
            wait.Token.ThrowIfCancellationRequested();
            var replies = await SendAsync(requests).WaitAsync(wait.Token).ConfigureAwait(false);
            Note(replies.OfType<RpcNoAnswer>().FirstOrDefault());
            return replies;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var none = new RpcNoAnswer(
                _ended.IsCancellationRequested
                    ? "The link has ended."
                    : $"There was no answer within {_options.Timeout.TotalSeconds:0.###} s.",
                MayHaveArrived: true);
            Note(none);
            return AllTheSame(requests, none);
        }
        finally
        {
            _gate.Leave();
        }
    }

    // Never faults, also when nobody waits for it any more.
    private async Task<IReadOnlyList<RpcReply>> SendAsync(IReadOnlyList<RpcRequest> requests)
    {
        try
        {
            List<BatchItem> items = [.. requests.Select(request => new BatchItem(Message(request)))];
            if (items is [var only])
            {
                var answer = await _client.SendAsync(only.RpcRequestMessage).ConfigureAwait(false);
                return [Understand(only, answer)];
            }

            var batch = new RpcRequestResponseBatch { AcceptPartiallySuccessful = true };
            batch.BatchItems.AddRange(items);
            await _client.SendBatchRequestAsync(batch).ConfigureAwait(false);
            return [.. items.Select(item => Understand(item, item.Answer))];
        }
        catch (Exception thrown)
        {
            return AllTheSame(requests, ClientReplies.Of(thrown, _endpoint));
        }
    }

    private RpcRequestMessage Message(RpcRequest request) => new(
        Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture),
        request.Method,
        PlainJson.ReadArray(request.Parameters)!);

    private RpcReply Understand(BatchItem item, RpcResponseMessage? answer) =>
        ClientReplies.Of(answer, (string)item.RpcRequestMessage.Id, _endpoint);

    // After a node could not be reached at all, another one may answer.
    private void Note(RpcNoAnswer? problem)
    {
        bool isBack;
        lock (_lock)
        {
            isBack = problem is null && _isUnreachable;
            _isUnreachable = problem is not null && (_isUnreachable || !problem.MayHaveArrived);
        }

        if (isBack)
        {
            _batches.Forget();
        }

        if (isBack || problem?.Detail != State.Problem)
        {
            Change(state => state with { Connections = state.Connections + (isBack ? 1 : 0), Problem = problem?.Detail });
        }
    }

    private IObservable<Unit> NoteNoWakes(Exception failed)
    {
        Change(state => state with
        {
            Notice = $"{_endpoint} pushes no blocks any more, and is asked for them: {_endpoint.Scrub(failed.Message)}",
        });
        return Observable.Never<Unit>();
    }

    private void Change(Func<RpcLinkState, RpcLinkState> change)
    {
        lock (_lock)
        {
            _states.Value = change(_states.Value);
        }
    }

    private static RpcReply[] AllTheSame(IReadOnlyList<RpcRequest> requests, RpcReply reply) =>
        [.. requests.Select(_ => reply)];
}
