namespace CodexSales.Rx.Testing.Chain;

/// <summary>The time on a chain: the clock's, except after the chain has stood still.</summary>
internal sealed class ChainPace(TimeSpan ahead)
{
    // Each holds until the next one begins; the last one for ever.
    private readonly List<Stretch> _stretches = [new(DateTimeOffset.MinValue, DateTimeOffset.MinValue + ahead, 1)];

    /// <summary>Stands still from a moment on, and goes on from there so many times as fast as the clock.</summary>
    public void Halt(DateTimeOffset from, TimeSpan span, int speed)
    {
        var (stood, again) = (ChainTimeAt(from), from + span);
        _stretches.RemoveAll(stretch => stretch.Since >= from);
        _stretches.Add(new Stretch(from, stood, 0));
        _stretches.Add(new Stretch(again, stood, speed));
        if (speed > 1)
        {
            var caughtUp = again + TimeSpan.FromTicks((again - stood).Ticks / (speed - 1));
            _stretches.Add(new Stretch(caughtUp, ChainTimeAt(caughtUp), 1));
        }
    }

    public DateTimeOffset ChainTimeAt(DateTimeOffset moment)
    {
        var stretch = _stretches[^1];
        for (var last = _stretches.Count - 1; stretch.Since > moment; stretch = _stretches[--last])
        {
        }

        return stretch.ChainTime + TimeSpan.FromTicks((moment - stretch.Since).Ticks * stretch.Speed);
    }

    public DateTimeOffset MomentOf(DateTimeOffset chainTime)
    {
        var stretch = _stretches[^1];
        for (var last = _stretches.Count - 1; stretch.ChainTime >= chainTime && last > 0; stretch = _stretches[--last])
        {
        }

        // If it stood still after that time, an earlier stretch has it.
        var ticks = (chainTime - stretch.ChainTime).Ticks;
        return stretch.Since + TimeSpan.FromTicks((ticks + stretch.Speed - 1) / stretch.Speed);
    }

    private readonly record struct Stretch(DateTimeOffset Since, DateTimeOffset ChainTime, int Speed);
}
