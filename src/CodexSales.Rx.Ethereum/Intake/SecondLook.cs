using System.Reactive.Concurrency;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// Reads what was told again and again until it was read once more when it was final, and makes good what was told
/// incompletely: at the tip logs may be left out, by a back end that lags or by a bloom filter that is wrong.
/// </summary>
/// <remarks>One question every two minutes while the chain grows. Lives on the scheduler.</remarks>
internal sealed class SecondLook(
    NodeReader node, LogReader logs, ChainFollower follower, FinalBlocks finals, IntakeStatus status, IScheduler scheduler)
{
    // So many of the blocks that were read by ranges at first are read by their hashes once.
    private const ulong BlocksByHash = 64;

    // A node that keeps leaving logs out of what was told completely is let be.
    private const int MostGaps = 3;

    private static readonly TimeSpan _every = TimeSpan.FromMinutes(2);

    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private Task _looking = Task.CompletedTask;
    private TimeSpan _next = _every;
    private BlockStamp? _looked;
    private BlockStamp? _floor;
    private ulong _sure;
    private bool _distrustedBlooms;
    private int _gaps;

    private OwnChain Chain => follower.Chain;

    /// <summary>Ranges were read up to a block: their end is read again by its hashes.</summary>
    public void Owe(BlockStamp floor) => _floor = floor;

    /// <summary>Looks again if it is time for that. Other things go on meanwhile.</summary>
    public async Task BeginAsync()
    {
        if (!_looking.IsCompleted)
        {
            return;
        }

        // An error that is none of the world is not to be lost.
        await _looking.ConfigureAwait(false);
        var isNews = logs.DistrustsBlooms && !_distrustedBlooms;
        _distrustedBlooms = logs.DistrustsBlooms;
        if (isNews || (_clock.Elapsed >= _next && _looked != Chain.Tip.Stamp))
        {
            _next = _clock.Elapsed + _every;
            _looking = LookAsync();
        }
    }

    private async Task LookAsync()
    {
        try
        {
            var (tip, final) = (Chain.Tip.Stamp, finals.Newest);
            if (_floor is { } floor)
            {
                await LookByHashAsync(floor).ConfigureAwait(false);
                _floor = null;
            }

            var above = Math.Max(_sure, Chain.Lowest.Number);
            var (found, last) = await logs.ReadOnceAsync(above + 1, tip.Number).ConfigureAwait(false);
            if (last.Hash == tip.Hash && Chain.Has(tip.Number, tip.Hash)
                && await CompareAsync(above, tip, found).ConfigureAwait(false))
            {
                _looked = tip;
                _sure = final is { } block ? Math.Max(above, Math.Min(block.Number, tip.Number)) : above;
            }
        }
        catch (NodeTroubleException)
        {
            // Whoever reads the newest blocks suffers from it, too, and tells; this is tried again.
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }

    private async Task LookByHashAsync(BlockStamp floor)
    {
        var above = Math.Max(Chain.Lowest.Number, floor.Number - Math.Min(floor.Number, BlocksByHash));
        var replies = await node
            .AskAsync([.. Enumerable.Range(1, (int)(floor.Number - above)).Select(i => NodeReader.BlockAt(above + (ulong)i))])
            .ConfigureAwait(false);
        List<ChainHeader> left = [.. replies.Select(reply => NodeReader.HeaderIn(reply)
            ?? throw new NodeTroubleException("The node does not know a block below its newest one."))];
        List<MarketEvent> found = [];
        while (left.Count > 0)
        {
            var events = await logs.ReadBlocksAsync(left).ConfigureAwait(false);
            found.AddRange(events.SelectMany(one => one));
            left.RemoveRange(0, events.Count);
        }

        await CompareAsync(above, floor, found).ConfigureAwait(false);
    }

    // Whether all is well now.
    private async Task<bool> CompareAsync(ulong above, BlockStamp tip, List<MarketEvent> found)
    {
        var told = Chain.EventsIn(above, tip.Number).ToLookup(happened => happened.Block);
        var again = found.ToLookup(happened => happened.Block);
        var gap = told.FirstOrDefault(block => Lacks(again[block.Key], block));
        Dictionary<ulong, IReadOnlyList<MarketEvent>> whole = [];
        foreach (var block in again.Where(block => Lacks(told[block.Key], block)))
        {
            var events = await logs.ReadBlockAsync(block.Key.Hash).ConfigureAwait(false);
            if (Lacks(events, block) || Lacks(events, told[block.Key])
                || (await node.ReadBelowAsync(block.Key.Number).ConfigureAwait(false)).Hash != block.Key.Hash)
            {
                gap ??= block;
                continue;
            }

            whole.Add(block.Key.Number, events);
        }

        if (!Chain.Has(tip.Number, tip.Hash))
        {
            return false;
        }

        if (whole.Count > 0)
        {
            status.Notice(
                $"The node had left out logs of {whole.Count} blocks up to block {whole.Keys.Max()}; they were read again.");
            follower.Correct(whole);
        }

        if (gap is not null && _gaps < MostGaps)
        {
            _gaps++;
            status.Notice($"The node left out logs of block {gap.Key.Number} when it was asked again.");
            return false;
        }

        _gaps = 0;
        return true;
    }

    // Whether events are missing that others have.
    private static bool Lacks(IEnumerable<MarketEvent> events, IEnumerable<MarketEvent> others)
    {
        var left = events.ToList();
        return others.Any(other => !left.Remove(other));
    }
}
