using System.Globalization;
using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Simulation.Scenarios;
using CodexSales.Rx.Testing;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>Hosts that do what a scenario says, and never prove anything.</summary>
internal sealed class Rivals(World world)
{
    public void Come(RivalCame act)
    {
        if (!world.Names.TryFind(act.Request, out var request))
        {
            return;
        }

        var name = act.Host.ToString(CultureInfo.InvariantCulture).PadLeft(40, '3');
        var market = world.Chain.ConnectHost(Address.Parse($"0x{name}"));
        var slot = new SlotKey(request, act.Slot);
        _ = market.ReserveSlotAsync(slot, default);
        if (act.FillAfter is { } fillAfter)
        {
            world.Time.Schedule(fillAfter, () => _ = FillAsync(market, slot, act.QuitAfter));
        }
    }

    private async Task FillAsync(SimulatedMarket market, SlotKey slot, TimeSpan? quitAfter)
    {
        var outcome = await market.FillSlotAsync(slot, SimulatedProver.AnyProof, UInt256.MaxValue, default);
        if (outcome is TransactionLanded && quitAfter is { } span)
        {
            world.Time.Schedule(span, () => _ = market.FreeSlotAsync(slot, default));
        }
    }
}
