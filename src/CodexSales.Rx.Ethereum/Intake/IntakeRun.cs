using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>One reading of the market's events: begins on a block that the node still has, reads the past up to final
/// blocks, follows the chain block by block from there, and repeats that without end. The last told block alone decides
/// what comes next: heads and timers only wake it. Lives on the scheduler.</summary>
internal sealed class IntakeRun
{
    // From such a gap to the tip on, ranges are read rather than blocks.
    private const ulong FarBehind = CanonicalChain.Newest / 4;

    private static readonly TimeSpan _patienceAtStart = TimeSpan.FromSeconds(20);

    private readonly MarketIntakeOptions _options;
    private readonly IScheduler _scheduler;
    private readonly IntakeStatus _status;
    private readonly IntakeListener _listener;
    private readonly WakeSignal _wake;
    private readonly CancellationToken _cancellation;
    private readonly FinalBlocks _finals;
    private readonly ChainFollower _follower;
    private readonly HeadReader _heads;
    private readonly PastReader _past;
    private readonly SecondLook _secondLook;
    private readonly ChainAnchors _anchors;
    private readonly FinalAgreement _agreement;
    private BlockStamp? _told;

    public IntakeRun(
        IRpcLink link,
        MarketplaceLogDecoder decoder,
        MarketIntakeOptions options,
        ICursorStore? cursors,
        IScheduler scheduler,
        IntakeStatus status,
        IntakeListener listener,
        WakeSignal wake,
        CancellationToken cancellationToken)
    {
        (_options, _scheduler, _status, _listener, _wake, _cancellation) =
            (options, scheduler, status, listener, wake, cancellationToken);
        var node = new NodeReader(link, decoder.Marketplace, options, scheduler, cancellationToken);
        var logs = new LogReader(link, node, decoder, options, scheduler, status);
        var shorter = new ShorterBranch(status, options, scheduler);
        _finals = new FinalBlocks(options, listener, scheduler);
        _follower = new ChainFollower(node, logs, _finals, shorter, status, listener);
        _secondLook = new SecondLook(node, logs, _follower, _finals, status, scheduler);
        _heads = new HeadReader(node, Chain, _finals, options, status, listener, wake, cancellationToken);
        _past = new PastReader(
            node, logs, _follower, _secondLook, _heads, _finals, options, status, listener, scheduler,
            cancellationToken);
        _anchors = new ChainAnchors(cursors, node, options, status, scheduler, cancellationToken);
        _agreement = new FinalAgreement(link, status, scheduler, cancellationToken);
    }

    private CanonicalChain Chain => _follower.Chain;

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="ChainUntrustedException">The chain can't be the one that was told.</exception>
    public async Task RunAsync()
    {
        _status.Advance();
        await _anchors.LoadAsync().ConfigureAwait(false);
        await RetryAsync(BeginAsync).ConfigureAwait(false);
        await _heads.TellWhileAsync(() => RetryAsync(_past.FindFirstAsync)).ConfigureAwait(false);
        while (true)
        {
            await RetryAsync(CatchUpAsync).ConfigureAwait(false);
            await _secondLook.BeginAsync().ConfigureAwait(false);
            _agreement.Begin(_finals.Newest);
            await _wake.WaitAsync(_options.PollInterval, _cancellation).ConfigureAwait(false);
        }
    }

    private async Task RetryAsync(Func<Task> step)
    {
        var backOff = new BackOff(_options.LongestBackOff, TimeSpan.Zero, _status.Random);
        while (true)
        {
            try
            {
                await step().ConfigureAwait(false);
                _status.Solved();
                return;
            }
            catch (NodeReadException trouble)
            {
                await WaitAfterAsync(trouble, backOff).ConfigureAwait(false);
            }
            catch (ReplacedChainException replaced)
            {
                var sentence = $"Block {replaced.Oldest.Number} is not {replaced.Oldest.Hash} any more, the oldest one "
                    + "by which the chain is known: a reorganisation that is too deep to take back, or another chain";

                // One back end may be on another branch, or of another network; all of them for long are not. A host
                // that only begins hosts nothing yet, and need not wait for a suspicion.
                if (_status.Standstill >= (Chain.IsEmpty ? _patienceAtStart : 2 * _options.StallAfter))
                {
                    throw new ChainUntrustedException(
                        $"{sentence}. To go on with this chain as it is now, begin once with --forget-blocks: sales "
                        + "are kept.");
                }

                await WaitAfterAsync(new NodeReadException($"{sentence}."), backOff).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAfterAsync(NodeReadException trouble, BackOff backOff)
    {
        _status.ReportProblem(trouble.Message);
        var wait = backOff.Next(TimeSpan.Zero);
        if (trouble.IsAnswered && wait > _options.PollInterval)
        {
            wait = _options.PollInterval; // It is asked so often anyway.
        }

        if (trouble.RetryAfter > TimeSpan.Zero)
        {
            await _scheduler.Sleep(wait > trouble.RetryAfter ? wait : trouble.RetryAfter, _cancellation).ConfigureAwait(false);
        }
        else
        {
            await _wake.WaitAsync(wait, _cancellation).ConfigureAwait(false);
        }
    }

    private async Task BeginAsync()
    {
        var head = await _heads.ReadAsync().ConfigureAwait(false);
        await _anchors.RecogniseAsync(head).ConfigureAwait(false);
        _listener.Reached(head.Stamp);
    }

    private async Task CatchUpAsync()
    {
        ChainHeader head;
        do
        {
            head = await _heads.ReadAsync().ConfigureAwait(false);
            ThrowIfStalled(head);
            if (head.Number > Chain.Tip.Number && head.Number - Chain.Tip.Number > FarBehind || _told is null)
            {
                await _heads.TellWhileAsync(() => _past.ReadAsync(head)).ConfigureAwait(false);
                head = await _heads.ReadAsync().ConfigureAwait(false);
            }
        }
        while (!await FollowAsync(head).ConfigureAwait(false));

        var tip = Chain.Tip.Stamp;
        _finals.Reach(tip);
        _past.Settle(tip.Number);
        if (tip == head.Stamp && tip != _told)
        {
            _told = tip;
            _listener.Completed(tip);
        }

        _status.Tell(tip);
        await _anchors.SaveAsync(_finals.Newest, Chain).ConfigureAwait(false);
    }

    private async Task<bool> FollowAsync(ChainHeader head)
    {
        try
        {
            return await _follower.FollowAsync(head).ConfigureAwait(false);
        }
        catch (NodeReadException trouble) when (trouble.IsGone)
        {
            // The past reader skips blocks that the node has no more; a back end that lags is asked again.
            await _past.ReadAsync(head).ConfigureAwait(false);
            throw;
        }
    }

    private void ThrowIfStalled(ChainHeader head)
    {
        if ((_status.Standstill >= _options.StallAfter || (_status.IsUseless && head.Number < Chain.Tip.Number))
            && Chain.Has(head.Number, head.Hash))
        {
            throw new NodeReadException($"There was no new block for {_status.Standstill.TotalSeconds:0} s.")
            {
                IsAnswered = false,
            };
        }
    }
}
