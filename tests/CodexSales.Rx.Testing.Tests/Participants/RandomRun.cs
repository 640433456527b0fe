using System.Globalization;

namespace CodexSales.Rx.Testing.Tests.Participants;

/// <summary>A small market on which hosts and clients do random things, legal or not.</summary>
internal sealed class RandomRun : IDisposable
{
    private static readonly Groth16Proof Proof = SimulatedProver.AnyProof;
    private static readonly Groth16Proof ZeroProof = new(0, 0, 0, 0, 0, 0, 0, 0);

    private readonly Random _random;
    private readonly List<SimulatedMarket> _hosts;

    public RandomRun(int seed)
    {
        _random = new Random(seed);
        Chain = new SimulatedChain(Time, new SimulatedChainOptions { Seed = seed, MaxReservations = 4 });
        _hosts = [.. Enumerable.Range(1, 4).Select(number => Chain.ConnectHost(AccountOf(number)))];
        Slots = [.. Enumerable.Range(0, 6).SelectMany(_ => NewRequest())];
        Time.AdvanceBy(TimeSpan.FromSeconds(12));
        Supply = Chain.TotalSupply;
    }

    public VirtualTime Time { get; } = new();

    public SimulatedChain Chain { get; }

    public IReadOnlyList<SlotKey> Slots { get; }

    public UInt256 Supply { get; }

    public static Address AccountOf(int number) =>
        Address.Parse(string.Create(CultureInfo.InvariantCulture, $"0x{number:x40}"));

    public void Dispose() => Chain.Dispose();

    public void Step()
    {
        var host = _hosts[_random.Next(_hosts.Count)];
        var slot = Slots[_random.Next(Slots.Count)];
        _ = _random.Next(16) switch
        {
            < 5 => host.ReserveSlotAsync(slot, CancellationToken.None),
            5 when _random.Next(4) == 0 => host.FillSlotAsync(slot, ZeroProof, 5_000_000, CancellationToken.None),
            < 10 => host.FillSlotAsync(slot, Proof, 5_000_000, CancellationToken.None),
            < 13 => host.SubmitProofAsync(slot, 0, Proof, CancellationToken.None),
            13 when _random.Next(4) == 0 => host.FreeSlotAsync(slot, CancellationToken.None),
            < 15 when Chain.GetSlotState(slot) is SlotState.Finished or SlotState.Cancelled =>
                _hosts.First(other => Chain.GetHost(slot) is var owner && (owner == default || owner == other.Host))
                    .FreeSlotAsync(slot, CancellationToken.None),
            _ => Chain.WithdrawFundsAsync(slot.RequestId),
        };
        Time.AdvanceBy(TimeSpan.FromSeconds(_random.Next(60)));
    }

    private IEnumerable<SlotKey> NewRequest()
    {
        var ask = SomeRequests.Ask with
        {
            Slots = (ulong)_random.Next(1, 4),
            MaxSlotLoss = (ulong)_random.Next(2),
            DurationSeconds = (ulong)_random.Next(5_000, 15_000),
            ProofProbability = (ulong)_random.Next(1, 5),
        };
        var id = Chain.RequestStorage(ask, (ulong)_random.Next(1_000, 4_000));
        return Enumerable.Range(0, (int)ask.Slots).Select(index => new SlotKey(id, (ulong)index));
    }
}
