using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>One reading of the market's events: begins on a block that the node still has, reads the past up to final
/// blocks, follows the chain block by block from there, and repeats that without end. The last told block alone decides
/// what comes next: heads and timers only wake it. Lives on the scheduler.</summary>
internal sealed class IntakeRun(
    IRpcLink link,
    MarketplaceLogDecoder decoder,
    MarketIntakeOptions options,
    ICursorStore? cursors,
    IScheduler scheduler,
    IntakeStatus status,
    IntakeListener listener,
    WakeSignal wake,
    CancellationToken cancellation)
{
    // From such a gap to the tip on, ranges are read rather than blocks.
    private const ulong FarBehind = CanonicalChain.Newest / 4;

    private static readonly TimeSpan _patienceAtStart = TimeSpan.FromSeconds(20);

    private readonly NodeReader _node = new(link, decoder.Marketplace, options, scheduler, cancellation);
    private readonly FinalBlocks _finals = new(options, listener, scheduler);
    private ChainFollower _follower = null!;
    private HeadReader _heads = null!;
    private PastReader _past = null!;
    private SecondLook _secondLook = null!;
    private ChainAnchors _anchors = null!;
    private FinalAgreement _agreement = null!;
    private BlockStamp? _told;

    private CanonicalChain Chain => _follower.Chain;

    /// <summary>Reads until it is cancelled.</summary>
    /// <exception cref="ChainUntrustedException">What was told can't be made good.</exception>
    public async Task RunAsync()
    {
        status.Advance();
        var logs = new LogReader(link, _node, decoder, options, scheduler, status);
        _follower = new ChainFollower(
            _node, logs, _finals, new ShorterBranch(status, options, scheduler), status, listener);
        _secondLook = new SecondLook(_node, logs, _follower, _finals, status, scheduler);
        _heads = new HeadReader(_node, Chain, _finals, options, status, listener, wake, cancellation);
        _past = new PastReader(
            _node, logs, _follower, _secondLook, _heads, _finals, options, status, listener, scheduler, cancellation);
        _anchors = new ChainAnchors(cursors, _node, options, status, scheduler, cancellation);
        _agreement = new FinalAgreement(link, status, scheduler, cancellation);
        await _anchors.LoadAsync().ConfigureAwait(false);
        await RetryAsync(BeginAsync).ConfigureAwait(false);
        await _heads.TellWhileAsync(() => RetryAsync(_past.FindFirstAsync)).ConfigureAwait(false);
        while (true)
        {
            await RetryAsync(CatchUpAsync).ConfigureAwait(false);
            await _secondLook.BeginAsync().ConfigureAwait(false);
            _agreement.Begin(_finals.Newest);
            await wake.WaitAsync(options.PollInterval, cancellation).ConfigureAwait(false);
        }
    }

    private async Task RetryAsync(Func<Task> step)
    {
        var backOff = new BackOff(options.LongestBackOff, TimeSpan.Zero, status.Random);
        while (true)
        {
            try
            {
                await step().ConfigureAwait(false);
                status.Solved();
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
                if (status.Standstill >= (Chain.IsEmpty ? _patienceAtStart : 2 * options.StallAfter))
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
        status.ReportProblem(trouble.Message);
        var wait = backOff.Next(TimeSpan.Zero);
        if (trouble.IsAnswered && wait > options.PollInterval)
        {
            wait = options.PollInterval; // It is asked so often anyway.
        }

        await (trouble.RetryAfter > TimeSpan.Zero
            ? SleepAsync(wait > trouble.RetryAfter ? wait : trouble.RetryAfter)
            : wake.WaitAsync(wait, cancellation)).ConfigureAwait(false);
    }

    private async Task SleepAsync(TimeSpan span) => await scheduler.Sleep(span, cancellation).ConfigureAwait(false);

    private async Task BeginAsync()
    {
        var head = await _heads.ReadAsync().ConfigureAwait(false);
        await _anchors.RecogniseAsync(head).ConfigureAwait(false);
        listener.Reached(head.Stamp);
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
            listener.Completed(tip);
        }

        status.Tell(tip);
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
        if ((status.Standstill >= options.StallAfter || (status.IsUseless && head.Number < Chain.Tip.Number))
            && Chain.Has(head.Number, head.Hash))
        {
            throw new NodeReadException($"There was no new block for {status.Standstill.TotalSeconds:0} s.")
            {
                IsAnswered = false,
            };
        }
    }
}
