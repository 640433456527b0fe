namespace CodexSales.Rx.Testing.Ports;

// What was told while the market was watched.
internal sealed partial class MarketChecks
{
    private void CheckHeads()
    {
        const string Call = nameof(IMarket.Heads);
        foreach (var (before, after) in Told.Zip(Told.Skip(1)))
        {
            _check.Expect(
                after != before, PortRule.TellsHeadsInOrder, Call, $"block {after.Number} is told twice in a row");
            _check.Expect(
                after.Number <= before.Number || after.Time >= before.Time,
                PortRule.TellsHeadsInOrder,
                Call,
                $"block {after.Number} is of {after.Time}, and block {before.Number} before it of {before.Time}");
        }

        _check.Expect(_heads?.IsOver is not true, PortRule.TellsHeads, Call, "it ends");
    }

    private void CheckFinals()
    {
        const string Call = nameof(IMarket.FinalHeads);
        var finals = _finals?.Values ?? [];
        foreach (var (before, after) in finals.Zip(finals.Skip(1)))
        {
            _check.Expect(
                after.Number > before.Number,
                PortRule.TellsFinalHeadsInOrder,
                Call,
                $"block {after.Number} is told after block {before.Number}");
        }

        var newest = Told.Select(head => head.Number).DefaultIfEmpty(0UL).Max();
        _check.Expect(
            finals.All(final => final.Number <= newest),
            PortRule.TellsFinalHeadsInOrder,
            Call,
            $"block {finals.Select(final => final.Number).DefaultIfEmpty(0UL).Max()} stays, and {newest} is the newest");
        _check.Expect(_finals?.IsOver is not true, PortRule.TellsFinalHeadsInOrder, Call, "it ends");
    }

    // Where blocks were replaced, what comes before what is another question.
    private void CheckEvents()
    {
        const string Call = nameof(IMarket.Events);
        _check.Expect(
            _events?.IsOver is not true, PortRule.TellsOfEachBlock, Call, $"it ends: {_events?.Error?.Message ?? "it completes"}");
        if (_events is null || IsReorganised)
        {
            return;
        }

        var (newest, told, seen) = (0UL, default(ulong?), new HashSet<MarketEvent>());
        foreach (var happened in _events.Values)
        {
            var number = happened.Block.Number;
            switch (happened)
            {
                case Reverted { Original: var original }:
                    seen.Remove(original);
                    (newest, told) = (Math.Min(newest, original.Block.Number), null);
                    continue;
                case BlockTold:
                    _check.Expect(
                        told is null || number > told, PortRule.TellsEventsInOrder, Call, $"block {number} is told after block {told}");
                    told = number;
                    break;
                default:
                    _check.Expect(
                        told is null || number > told,
                        PortRule.TellsEventsInOrder,
                        Call,
                        $"an event of block {number} comes after all of block {told} were told");
                    _check.Expect(seen.Add(happened), PortRule.TellsEventsOnce, Call, $"{happened} is told twice");
                    break;
            }

            _check.Expect(
                number >= newest, PortRule.TellsEventsInOrder, Call, $"an event of block {number} comes after one of block {newest}");
            newest = number;
        }
    }
}
