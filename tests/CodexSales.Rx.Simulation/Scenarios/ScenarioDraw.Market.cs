using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Simulation.Scenarios;

/// <content>Clients, other hosts, and blocks that are replaced.</content>
internal sealed partial class ScenarioDraw
{
    private void DrawMarket()
    {
        var requests = _random.Next(1, 9);
        for (var number = 1; number <= requests; number++)
        {
            var ask = DrawAsk();
            ask = Chance(8) ? Spoil(ask) : ask;
            var expiry = Math.Min(Pick<ulong>(Between(60, 600), Between(300, 7_200), 1_200), ask.DurationSeconds - 1);
            var asked = new Asked(Moment(), number, ask, expiry, Chance(30));
            _requests.Add(asked);
            _acts.Add(asked);
            DrawRivals(asked);
        }
    }

    private void DrawRivals(Asked asked)
    {
        var rivals = Chance(50) ? 0 : _random.Next(1, 6);
        for (var rival = 0; rival < rivals; rival++)
        {
            _acts.Add(new RivalCame(
                asked.At + (TimeSpan.FromSeconds(asked.ExpirySeconds) * _random.NextDouble()),
                _random.Next(1, 4),
                asked.Number,
                (ulong)_random.NextInt64((long)Math.Min(asked.Ask.Slots, 8)),
                Chance(80) ? TimeSpan.FromSeconds(_random.Next(1, 900)) : null,
                Chance(50) ? Minutes(1, 60) : null));
        }
    }

    private StorageAsk DrawAsk()
    {
        var slots = Between(1, 6);
        return new StorageAsk
        {
            ProofProbability = Pick<ulong>(1, 2, 5, 50),
            PricePerBytePerSecond = Pick<ulong>(1, 2, 3, 5),
            CollateralPerByte = Pick<ulong>(1, 1, 2, 7),
            Slots = slots,
            SlotSizeBytes = Chance(60) ? Pick(64 * MiB, 256 * MiB, 1_024 * MiB) : Between(MiB, 2_048 * MiB),
            DurationSeconds = Between(900, 4 * 3_600),
            MaxSlotLoss = (ulong)_random.NextInt64((long)slots + 1),
        };
    }

    // What the contract takes and a host had better not.
    private StorageAsk Spoil(StorageAsk ask) => _random.Next(8) switch
    {
        0 => ask with { Slots = ulong.MaxValue / ask.DurationSeconds, SlotSizeBytes = 0, MaxSlotLoss = 0 },
        1 => ask with { Slots = 1_000_000, SlotSizeBytes = 1_000 },
        2 => ask with { SlotSizeBytes = ulong.MaxValue },
        3 => ask with { SlotSizeBytes = 0 },
        4 => ask with { ProofProbability = UInt256.MaxValue },
        5 => ask with { CollateralPerByte = UInt256.MaxValue },
        6 => ask with { SlotSizeBytes = 1, PricePerBytePerSecond = 1 },
        _ => ask with { PricePerBytePerSecond = UInt256.Parse("1329227995784915872903807060280344576") },
    };

    private void DrawReorganisations()
    {
        if (Chance(30))
        {
            _acts.Add(new Outrun(Moment(0.7), TimeSpan.FromSeconds(_random.Next(5, 60))));
        }

        var reorganisations = Chance(60) ? 0 : _random.Next(1, 12);
        for (var reorganisation = 0; reorganisation < reorganisations; reorganisation++)
        {
            // Most of them soon after something that others did.
            var at = Chance(60) && _requests.Count > 0
                ? _requests[_random.Next(_requests.Count)].At + TimeSpan.FromSeconds(_random.Next(1, 300))
                : Moment();
            _acts.Add(new Reorganised(at, _random.Next(1, DeepestReorganisation + 1), _random.Next()));
        }

        foreach (var rival in _acts.OfType<RivalCame>().Where(_ => reorganisations > 0 && Chance(50)).ToList())
        {
            var filled = rival.At + (rival.FillAfter ?? TimeSpan.Zero);
            var at = filled + TimeSpan.FromSeconds(_random.Next(1, 60));
            _acts.Add(new Reorganised(at, _random.Next(1, DeepestReorganisation + 1), _random.Next()));
        }
    }
}
