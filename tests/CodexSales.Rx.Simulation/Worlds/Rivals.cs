using System.Globalization;
using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>Hosts that do what a scenario says, and never prove anything.</summary>
internal sealed class Rivals(World world)
{
    // One that is in no scenario by name.
    private const int Runner = 9;

    public void Come(RivalCame act)
    {
        if (!world.Names.TryFind(act.Request, out var request))
        {
            return;
        }

        var market = world.Chain.ConnectHost(AddressOf(act.Host));
        var slot = new SlotKey(request, act.Slot);
        _ = market.ReserveSlotAsync(slot, default);
        if (act.FillAfter is { } fillAfter)
        {
            world.Time.Schedule(fillAfter, () => _ = FillAsync(market, slot, act.QuitAfter));
        }
    }

    /// <summary>One of them reserves and fills a slot at once, and is named.</summary>
    public Address FillNow(SlotKey slot)
    {
        var market = world.Chain.ConnectHost(AddressOf(Runner));
        _ = market.ReserveSlotAsync(slot, default);
        _ = FillAsync(market, slot, null);
        return market.Host;
    }

    private static Address AddressOf(int host) =>
        Address.Parse($"0x{host.ToString(CultureInfo.InvariantCulture).PadLeft(40, '3')}");

    private async Task FillAsync(SimulatedMarket market, SlotKey slot, TimeSpan? quitAfter)
    {
        var outcome = await market.FillSlotAsync(slot, SimulatedProver.AnyProof, UInt256.MaxValue, default);
        if (outcome is TransactionLanded && quitAfter is { } span)
        {
            world.Time.Schedule(span, () => _ = market.FreeSlotAsync(slot, default));
        }
    }
}
