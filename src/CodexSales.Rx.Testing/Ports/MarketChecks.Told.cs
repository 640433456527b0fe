namespace CodexSales.Rx.Testing.Ports;

// Blocks and events that were told while the market was watched.
internal sealed partial class MarketChecks
{
    private void CheckHeads()
    {
        foreach (var (before, after) in Told.Zip(Told.Skip(1)))
        {
            Expect(after != before, PortRule.TellsHeadsInOrder, $"block {after.Number} is told twice in a row");
            Expect(
                after.Number <= before.Number || after.Time >= before.Time,
                PortRule.TellsHeadsInOrder,
                $"block {after.Number} is of {after.Time}, and block {before.Number} before it of {before.Time}");
        }

        Expect(_heads?.IsOver is not true, PortRule.TellsHeads, "it ends");

        void Expect(bool holds, PortRule rule, string seen) => _check.Expect(holds, rule, nameof(IMarket.Heads), seen);
    }

    private void CheckFinals()
    {
        var finals = _finals?.Values ?? [];
        foreach (var (before, after) in finals.Zip(finals.Skip(1)))
        {
            Expect(after.Number > before.Number, $"block {after.Number} is told after block {before.Number}");
        }

        var newest = Told.Select(head => head.Number).DefaultIfEmpty(0UL).Max();
        var highest = finals.Select(final => final.Number).DefaultIfEmpty(0UL).Max();
        Expect(highest <= newest, $"block {highest} stays, and {newest} is the newest");
        Expect(_finals?.IsOver is not true, "it ends");

        void Expect(bool holds, string seen) =>
            _check.Expect(holds, PortRule.TellsFinalHeadsInOrder, nameof(IMarket.FinalHeads), seen);
    }

    // The order of events is not checked across a reorganisation.
    private void CheckEvents()
    {
        Expect(_events?.IsOver is not true, PortRule.TellsOfEachBlock, $"it ends: {_events?.Error?.Message ?? "it completes"}");
        if (_events is null || IsReorganised)
        {
            return;
        }

        var (newest, told, seen) = (0UL, default(ulong?), new HashSet<MarketEvent>());
        foreach (var happened in _events.Values)
        {
            var number = happened.Block.Number;
            if (happened is Reverted { Original: var original })
            {
                seen.Remove(original);
                (newest, told) = (Math.Min(newest, original.Block.Number), null);
                continue;
            }

            var isBlock = happened is BlockTold;
            Expect(told is null || number > told, PortRule.TellsEventsInOrder, isBlock
                ? $"block {number} is told after block {told}"
                : $"an event of block {number} comes after all of block {told} were told");
            Expect(isBlock || seen.Add(happened), PortRule.TellsEventsOnce, $"{happened} is told twice");
            told = isBlock ? number : told;
            Expect(
                number >= newest, PortRule.TellsEventsInOrder, $"an event of block {number} comes after one of block {newest}");
            newest = number;
        }

        void Expect(bool holds, PortRule rule, string seen) => _check.Expect(holds, rule, nameof(IMarket.Events), seen);
    }
}
