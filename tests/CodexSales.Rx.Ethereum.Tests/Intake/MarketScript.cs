using System.Collections.Immutable;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Makes up what happens on a market, as the contract allows it on each branch of the chain, from a seed.</summary>
internal sealed class MarketScript(FakeNode node, Random random)
{
    private const ulong Slots = 3;
    private const int Recent = 40;

    // After each block, every slot: whether it is filled, and whether it has all reservations.
    private readonly Dictionary<Bytes32, ImmutableDictionary<SlotKey, (bool IsFilled, bool IsFull)>> _slots = [];
    private int _requests;

    /// <summary>How many requests the canonical chain has.</summary>
    public int Requests => Current.Count / (int)Slots;

    private ImmutableDictionary<SlotKey, (bool IsFilled, bool IsFull)> Current =>
        _slots.GetValueOrDefault(node.Head.Hash) ?? ImmutableDictionary<SlotKey, (bool IsFilled, bool IsFull)>.Empty;

    /// <summary>Adds a block in which something may happen.</summary>
    public void Mine(int most)
    {
        var slots = Current;
        List<Func<BlockStamp, MarketEvent>> events = [];
        for (var i = random.Next(0, most + 1); i > 0; i--)
        {
            events.Add(random.Next(2) == 0 ? Request(ref slots) : Touch(ref slots) ?? Request(ref slots));
        }

        _slots[node.Mine(events).Hash] = slots;
    }

    private Func<BlockStamp, MarketEvent> Request(ref ImmutableDictionary<SlotKey, (bool IsFilled, bool IsFull)> slots)
    {
        var id = IdOf(++_requests);
        for (var index = 0UL; index < Slots; index++)
        {
            slots = slots.Add(new SlotKey(id, index), default);
        }

        var ask = new StorageAsk
        {
            ProofProbability = 1,
            PricePerBytePerSecond = (ulong)random.Next(1, 100),
            CollateralPerByte = 1,
            Slots = Slots,
            SlotSizeBytes = 1_000,
            DurationSeconds = 2_000_000,
            MaxSlotLoss = 1,
        };
        return block => new StorageRequested(block, id, ask, block.Time.Plus(1_000_000));
    }

    // Null where the slot that was drawn is not on this branch.
    private Func<BlockStamp, MarketEvent>? Touch(
        ref ImmutableDictionary<SlotKey, (bool IsFilled, bool IsFull)> slots)
    {
        var key = new SlotKey(IdOf(_requests - random.Next(Recent)), (ulong)random.Next((int)Slots));
        if (!slots.TryGetValue(key, out var slot))
        {
            return null;
        }

        if (slot.IsFilled)
        {
            slots = slots.SetItem(key, default);
            return block => new SlotFreed(block, key);
        }

        var isReserved = !slot.IsFull && random.Next(2) == 0;
        slots = slots.SetItem(key, isReserved ? (false, true) : (true, slot.IsFull));
        return isReserved ? block => new SlotReservationsFull(block, key) : block => new SlotFilled(block, key);
    }

    private static RequestId IdOf(int number) => new(Keccak256.Hash(BitConverter.GetBytes(number)));
}
