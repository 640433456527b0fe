namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Reads told blocks again until they were read several times when they were final, and corrects what was told
/// wrongly: logs may be omitted, by a back end that lags or a wrong bloom filter, or be of another branch. A range
/// every two minutes while the chain grows. Lives on the scheduler.</summary>
internal sealed class SecondLook(
    NodeReader node,
    LogReader logs,
    ChainFollower follower,
    FinalBlocks finals,
    IntakeStatus status,
    IScheduler scheduler)
{
    // The last blocks of those that were read by ranges at first are read by their hashes once.
    private const ulong BlocksByHash = 64;

    // The most readings of a part, until all told events are found.
    private const int MostReadings = 8;

    // After so many readings without it, an event may be of another branch.
    private const int ReadingsUntilDoubt = 3;

    // So many readings of final blocks have to agree with the told events: two may omit the same.
    private const int ReadingsWhenFinal = 3;

    private static readonly TimeSpan _every = TimeSpan.FromMinutes(2);

    private readonly IStopwatch _clock = scheduler.StartStopwatch();
    private Task _looking = Task.CompletedTask;
    private TimeSpan _next = _every;
    private BlockStamp? _looked;
    private BlockStamp? _floor;
    private ulong _seen;
    private ulong _sure;
    private bool _distrustedBlooms;

    // The lowest block that stayed in a reorganisation during a look.
    private ulong _lowest;

    private CanonicalChain Chain => follower.Chain;

    /// <summary>Notes that ranges were read up to a block: their end is read again by hashes.</summary>
    public void Owe(BlockStamp floor) => _floor = floor;

    /// <summary>Notes that the blocks in a range were read twice already, or are told to be missing.</summary>
    public void Saw(ulong above, ulong last)
    {
        Forget();
        _seen = above <= Math.Max(_seen, Chain.Lowest.Number) ? Math.Max(_seen, last) : _seen;
    }

    /// <summary>Looks again if it is time for that. Other things go on meanwhile.</summary>
    public async Task BeginAsync()
    {
        if (!_looking.IsCompleted)
        {
            return;
        }

        // A bug must not get lost.
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
        var tip = Chain.Tip.Stamp;
        var final = Math.Min(tip.Number, finals.Newest?.Number ?? 0);
        Forget();
        _lowest = ulong.MaxValue;
        try
        {
            var above = Math.Max(_sure, Chain.Lowest.Number);
            var gone = await SkipGoneAsync(above, tip.Number).ConfigureAwait(false);
            if (Math.Max(above, _seen) + 1 is var unseen && unseen <= gone)
            {
                status.Miss(missing => missing.Add(unseen, gone));
            }

            _sure = gone;
            if (_floor is { } floor)
            {
                await LookByHashAsync(floor).ConfigureAwait(false);
                _floor = null;
            }

            _looked = await LookByRangesAsync(gone, final, tip.Number).ConfigureAwait(false) ? tip : null;
        }
        catch (NodeReadException)
        {
            // Reading the newest blocks meets the same trouble, and tells it; this is tried again.
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }

        Forget();
        Forget(_lowest);
    }

    // Whether all is well; the missing rows are skipped.
    private async Task<bool> LookByRangesAsync(ulong above, ulong final, ulong tip)
    {
        var isWell = true;
        while (above < tip)
        {
            var isFinal = above < final;
            var end = Math.Min(isFinal ? final : tip, above + logs.BlocksPerRange);
            var missing = status.FindMissing(above + 1);
            if (missing?.From <= above + 1)
            {
                end = missing.Value.To;
            }
            else
            {
                end = Math.Min(end, missing?.From - 1 ?? end);
                isWell &= await LookAtAsync(above, end, isFinal ? ReadingsWhenFinal : 1).ConfigureAwait(false);
            }

            _seen = isWell ? Math.Max(_seen, end) : _seen;
            _sure = isWell && isFinal ? end : _sure;
            above = end;
        }

        return isWell;
    }

    // The blocks that a reorganisation brought were not read yet.
    private void Forget()
    {
        var lowest = follower.TakeLowest();
        Forget(lowest);
        _lowest = Math.Min(_lowest, lowest);
    }

    private void Forget(ulong lowest) => (_seen, _sure) = (Math.Min(_seen, lowest), Math.Min(_sure, lowest));

    // The last block that the node has no more: it may keep less than is kept here.
    private async Task<ulong> SkipGoneAsync(ulong gone, ulong kept)
    {
        var middle = gone + 1;
        while (kept - gone > 1)
        {
            var isGone = await node.IsGoneAsync(middle).ConfigureAwait(false);
            if (!isGone && middle == gone + 1)
            {
                return gone;
            }

            (gone, kept) = isGone ? (middle, kept) : (gone, middle);
            middle = gone + ((kept - gone) / 2);
        }

        return gone;
    }

    private async Task LookByHashAsync(BlockStamp floor)
    {
        var above = Math.Max(Chain.Lowest.Number, floor.Number - Math.Min(floor.Number, BlocksByHash));
        var numbers = Enumerable.Range(1, (int)(floor.Number - above)).Select(i => above + (ulong)i);
        var replies = await node.AskAsync([.. numbers.Select(NodeQuestions.GetBlock)]).ConfigureAwait(false);
        List<ChainHeader> left = [.. replies.Select(NodeReader.HeaderIfKept).OfType<ChainHeader>()];
        List<MarketEvent> found = [];
        while (left.Count > 0)
        {
            var events = await logs.ReadBlocksAsync(left).ConfigureAwait(false);
            found.AddRange(events.SelectMany(one => one));
            left.RemoveRange(0, events.Count);
        }

        await MakeGoodAsync(above, floor.Number, found).ConfigureAwait(false);
    }

    // Whether so many readings show that all is well now with the blocks above one and up to another.
    private async Task<bool> LookAtAsync(ulong above, ulong end, int readings)
    {
        List<BlockStamp> lacking = [];
        var lacks = 0;
        for (var times = 0; times < MostReadings && readings > 0; times++)
        {
            try
            {
                var (found, last) = await logs.ReadOnceAsync(above + 1, end).ConfigureAwait(false);
                if (Chain.Find(end) is { } own && own.Hash != last.Hash)
                {
                    continue; // It was replaced, or is another back end's.
                }

                var again = found.ToLookup(happened => happened.Block);
                lacking = [.. Told(above, end).Where(own => Lacks(again[own.Key], own)).Select(own => own.Key)];
                lacks = lacking.Count > 0 ? lacks + 1 : 0;
                if (lacks >= ReadingsUntilDoubt)
                {
                    await TakeOutAsync(lacking).ConfigureAwait(false);
                }

                var isWhole = await MakeGoodAsync(above, end, found).ConfigureAwait(false);
                readings -= isWhole && lacking.Count == 0 ? 1 : 0;
            }
            catch (NodeReadException) when (times < MostReadings - 1)
            {
                // Often it is one answer of many.
            }
        }

        if (readings == 0)
        {
            return true;
        }

        if (lacking.Count > 0)
        {
            status.Notice($"The node left out logs of block {lacking[0].Number} when it was asked again.");
        }

        return false;
    }

    // Corrects blocks with events of another branch, below the end of the row with which they were told: one back end
    // had given their logs, and another one, on the other branch, that end.
    private async Task TakeOutAsync(List<BlockStamp> suspects)
    {
        Dictionary<ulong, IReadOnlyList<MarketEvent>> right = [];
        var rows = suspects
            .Where(block => block.Number <= Chain.Tip.Number)
            .ToLookup(block => Chain.RowOf(block.Number).Stamp);
        foreach (var row in rows)
        {
            var blocks = await node.ReadRowAsync(row.Min(block => block.Number), row.Key).ConfigureAwait(false);
            foreach (var own in blocks.Where(own => row.Any(one => one.Number == own.Number && one.Hash != own.Hash)))
            {
                right[own.Number] = await logs.ReadBlockAsync(own.Hash).ConfigureAwait(false);
            }
        }

        // The chain may have changed meanwhile.
        if (right.Count > 0 && rows.All(row => Chain.Has(row.Key.Number, row.Key.Hash)))
        {
            status.Notice(
                $"The node had given logs of {right.Count} blocks of another branch up to block {right.Keys.Max()}; "
                + "they were taken back.");
            follower.Correct(right);
        }
    }

    // Tells events that were found and had not been told; whether those are all.
    private async Task<bool> MakeGoodAsync(ulong above, ulong end, List<MarketEvent> found)
    {
        var told = Told(above, end);
        Dictionary<ulong, IReadOnlyList<MarketEvent>> whole = [];
        var isWell = true;
        foreach (var block in found.GroupBy(happened => happened.Block).Where(block => Lacks(told[block.Key], block)))
        {
            var events = await logs.ReadBlockAsync(block.Key.Hash).ConfigureAwait(false);
            var current = await node.ReadBelowAsync(block.Key.Number).ConfigureAwait(false);
            if (Lacks(events, block) || Lacks(events, told[block.Key]) || current.Hash != block.Key.Hash
                || !whole.TryAdd(block.Key.Number, events))
            {
                isWell = false;
            }
        }

        // The chain may have changed meanwhile. Blocks that do not stand any more hold nothing else up.
        told = Told(above, end);
        var standing = whole
            .Where(block => block.Key <= Chain.Tip.Number && block.Key > Chain.Lowest.Number
                && (Chain.Find(block.Key) is not { } own || own.Hash == block.Value[0].Block.Hash)
                && told.All(other => other.Key.Number != block.Key || other.Key.Hash == block.Value[0].Block.Hash))
            .ToDictionary();
        if (standing.Count > 0)
        {
            status.Notice(
                $"The node had left out logs of {standing.Count} blocks up to block {standing.Keys.Max()}; "
                + "they were read again.");
            follower.Correct(standing);
        }

        return isWell && standing.Count == whole.Count;
    }

    private ILookup<BlockStamp, MarketEvent> Told(ulong above, ulong end) =>
        Chain.EventsIn(above, end).ToLookup(happened => happened.Block);

    // Whether events are missing that others have.
    private static bool Lacks(IEnumerable<MarketEvent> events, IEnumerable<MarketEvent> others)
    {
        var left = events.ToList();
        return others.Any(other => !left.Remove(other));
    }
}
