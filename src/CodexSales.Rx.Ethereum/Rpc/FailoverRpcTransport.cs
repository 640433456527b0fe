using System.Reactive;

namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Asks the first of several nodes that answers.</summary>
/// <remarks>
/// <para>
/// A node that does not answer, or refuses because it is asked too often, is left alone for a while, longer each time;
/// one that is suspected for ten minutes. Then it is asked for its block number and counts again once it answers: no
/// other question waits for it. The first node that counts is asked. A question goes to another one by itself only when
/// the one before surely has not acted on it. Calls as of a block that a node does not know are put to the others once.
/// </para>
/// <para>Threading: any thread. Disposing it disposes the links.</para>
/// </remarks>
public sealed class FailoverRpcTransport : IRpcLink
{
    // Such a node's answers look good to its link: without a long rest it would be back at once.
    private static readonly TimeSpan _restOfSuspected = TimeSpan.FromMinutes(10);
    private static readonly RpcRequest _signOfLife = new("eth_blockNumber", "[]"u8.ToArray());

    private readonly IReadOnlyList<IRpcLink> _links;
    private readonly RpcOptions _options;
    private readonly IScheduler _scheduler;
    private readonly Lock _lock = new();
    private readonly Rest[] _rests;
    private readonly Latest<RpcLinkState> _states;
    private readonly CompositeDisposable _subscriptions;
    private int _current;
    private long _connections;
    private (int Link, long Connection) _answering = (-1, 0);

    /// <summary>Joins links, the preferred one first.</summary>
    /// <param name="links">At least one.</param>
    /// <param name="options">The defaults when null; only the back-off is used.</param>
    /// <param name="scheduler">Where time passes.</param>
    /// <exception cref="ArgumentException">There is no link.</exception>
    public FailoverRpcTransport(IReadOnlyList<IRpcLink> links, RpcOptions? options, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentOutOfRangeException.ThrowIfZero(links.Count, nameof(links));
        (_links, _options, _scheduler) = (links, options ?? new RpcOptions(), scheduler);
        var random = new Random((int)(scheduler.Now.Ticks & int.MaxValue));
        _rests = [.. links.Select(_ => new Rest(_options, random, scheduler.Now))];
        _states = new Latest<RpcLinkState>(links[0].State with { Connections = 0 });
        _subscriptions = new CompositeDisposable(
            links.Select((link, index) => link.States.DistinctUntilChanged().Subscribe(state => Follow(index, state))));
        Wakes = _links.Select(link => link.Wakes).Merge();
    }

    /// <inheritdoc/>
    public RpcLinkState State => _states.Value;

    /// <inheritdoc/>
    public IObservable<RpcLinkState> States => _states.Values;

    /// <inheritdoc/>
    public IReadOnlyList<IRpcLink> Endpoints => _links;

    /// <inheritdoc/>
    public IObservable<Unit> Wakes { get; }

    /// <inheritdoc/>
    public async Task<RpcReply> AskAsync(RpcRequest request, CancellationToken cancellationToken = default) =>
        (await AskAsync([request], cancellationToken).ConfigureAwait(false))[0];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            Probe();
            var index = Choose();
            var replies = await _links[index].AskAsync(requests, cancellationToken).ConfigureAwait(false);
            var bad = replies.FirstOrDefault(IsOfNoUse);
            lock (_lock)
            {
                _rests[index].Note(_scheduler.Now, bad);
            }

            if (bad is null)
            {
                return IsBehind(requests, replies)
                    ? await AskOthersAsync(index, requests, replies, cancellationToken).ConfigureAwait(false)
                    : replies;
            }

            if (attempt == _links.Count || !replies.All(IsSurelyNotDone))
            {
                return replies;
            }
        }
    }

    /// <inheritdoc/>
    public void Suspect(string reason)
    {
        var index = Choose();
        _links[index].Suspect(reason);
        lock (_lock)
        {
            _rests[index].Suspect(_scheduler.Now + _restOfSuspected);
        }

        Choose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscriptions.Dispose();
        foreach (var link in _links)
        {
            link.Dispose();
        }
    }

    // The other nodes answer as of the same block, or do not know it either.
    private async Task<IReadOnlyList<RpcReply>> AskOthersAsync(
        int behind,
        IReadOnlyList<RpcRequest> requests,
        IReadOnlyList<RpcReply> replies,
        CancellationToken cancellationToken)
    {
        foreach (var link in Enumerable.Range(0, _links.Count).Where(index => index != behind && !_rests[index].IsDown))
        {
            var others = await _links[link].AskAsync(requests, cancellationToken).ConfigureAwait(false);
            if (!others.Any(IsOfNoUse) && !IsBehind(requests, others))
            {
                return others;
            }
        }

        return replies;
    }

    // Asks the nodes for a sign of life that were left alone for long enough.
    private void Probe()
    {
        List<int> rested;
        lock (_lock)
        {
            var now = _scheduler.Now;
            rested = [.. Enumerable.Range(0, _rests.Length)
                .Where(index => _rests[index] is { IsDown: true, IsProbed: false } rest && rest.Until <= now)];
            rested.ForEach(index => _rests[index].IsProbed = true);
        }

        rested.ForEach(index => _ = ProbeAsync(index));
    }

    private async Task ProbeAsync(int index)
    {
        var reply = await _links[index].AskAsync(_signOfLife, CancellationToken.None).ConfigureAwait(false);
        lock (_lock)
        {
            _rests[index].NoteSignOfLife(_scheduler.Now, reply);
        }
    }

    private static bool IsBehind(IReadOnlyList<RpcRequest> requests, IReadOnlyList<RpcReply> replies) =>
        requests.Any(request => request.Method == "eth_call")
        && replies.Any(reply => reply is RpcError error && TransientErrors.IsOfTheBlock(error));

    private static bool IsOfNoUse(RpcReply reply) => reply is RpcNoAnswer || IsAskedTooOften(reply);

    private static bool IsSurelyNotDone(RpcReply reply) =>
        reply is RpcNoAnswer { MayHaveArrived: false } || IsAskedTooOften(reply);

    private static bool IsAskedTooOften(RpcReply reply) => reply is RpcError error && RateLimit.IsSurelyMeant(error);

    private int Choose()
    {
        RpcLinkState state;
        lock (_lock)
        {
            var up = Enumerable.Range(0, _rests.Length).Where(index => !_rests[index].IsDown);
            var chosen = up.Append(Enumerable.Range(0, _rests.Length).MinBy(index => _rests[index].Until)).First();
            if (chosen == _current)
            {
                return chosen;
            }

            _current = chosen;
            state = StateOf(_links[chosen].State);
        }

        _states.Value = state;
        return _current;
    }

    private void Follow(int index, RpcLinkState state)
    {
        lock (_lock)
        {
            if (index != _current)
            {
                return;
            }

            state = StateOf(state);
        }

        _states.Value = state;
    }

    // A connection to another node counts as a new one: it may answer otherwise.
    private RpcLinkState StateOf(RpcLinkState state)
    {
        if (_answering != (_current, state.Connections))
        {
            _answering = (_current, state.Connections);
            _connections++;
        }

        return state with
        {
            Connections = _connections,
            Notice = _current == 0
                ? state.Notice
                : $"{_links[0].State.Endpoint} is of no use: {state.Endpoint} is asked.",
        };
    }

    // Whether, and until when, a node is left alone.
    private sealed class Rest(RpcOptions options, Random random, DateTimeOffset begin)
    {
        private readonly BackOff _backOff = new(options.LongestBackOff, options.HealthyPeriod, random);
        private DateTimeOffset _lastFailure = begin;

        public DateTimeOffset Until { get; private set; }

        /// <summary>Whether it is left alone, or has not answered since.</summary>
        public bool IsDown { get; private set; }

        public bool IsSuspected { get; private set; }

        /// <summary>Whether a sign of life was asked for, and has not come yet.</summary>
        public bool IsProbed { get; set; }

        public void Suspect(DateTimeOffset until) => (Until, IsDown, IsSuspected) = (until, true, true);

        // With all nodes down, one that answers is not; but one that is suspected answers, too.
        public void Note(DateTimeOffset now, RpcReply? bad)
        {
            if (bad is not null)
            {
                Fail(now, bad);
            }
            else if (!IsSuspected)
            {
                IsDown = false;
            }
        }

        public void NoteSignOfLife(DateTimeOffset now, RpcReply reply)
        {
            IsProbed = false;
            if (reply is RpcResult)
            {
                (IsDown, IsSuspected) = (false, false);
            }
            else
            {
                Fail(now, reply);
            }
        }

        private void Fail(DateTimeOffset now, RpcReply bad)
        {
            // Failures that come together, of questions asked together, are one.
            if (!IsDown || now >= Until)
            {
                var atLeast = (bad as RpcError)?.RetryAfter ?? TimeSpan.Zero;
                var wait = _backOff.Next(now - _lastFailure);
                (Until, IsDown, _lastFailure) = (now + (wait > atLeast ? wait : atLeast), true, now);
            }
        }
    }
}
