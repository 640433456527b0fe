using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>What holds once everything has come to its end: nothing is left, and the money adds up.</summary>
internal static class Ending
{
    public static void Check(World world)
    {
        var verdict = world.Verdict;
        if (world.Process is not { } process)
        {
            verdict.Break("ending", $"The program did not come up again.");
            return;
        }

        process.Inspector.CheckEnd();
        if (process.Pipeline.Sales.Snapshot.Items is { Length: > 0 } running)
        {
            verdict.Break(
                "ending",
                $"All is over, and {running.Length} sales run, the first one in {running[0].State} of "
                + $"{world.Names.Of(running[0].Sale.Slot)}.");
        }

        if (world.Memory.Running.Count > 0)
        {
            verdict.Break("ending", $"All is over, and the disk has {world.Memory.Running.Count} running sales.");
        }

        if (world.Storage.StoredBytes > 0)
        {
            verdict.Break("cleaned up", $"All is over, and {world.Storage.StoredBytes} bytes are stored.");
        }

        if (process.Scheduler.PendingCount > 0 || world.Time.PendingCount > world.Chain.TimerCount)
        {
            verdict.Break(
                "no timer left",
                $"All is over, and {process.Scheduler.PendingCount} of {world.Time.PendingCount} timers are the "
                + $"program's.");
        }

        var mine = world.Chain.Contract.FindSlotsOf(World.Us).Where(slot => !world.IsLostByLag(slot.Key)).ToList();
        if (mine.Count > 0)
        {
            verdict.Break(
                "nothing held",
                $"All is over, and the contract lists {mine.Count} slots as ours, {world.Names.Of(mine[0].Key)} for "
                + $"one.");
        }

        CheckMoney(world);
        process.Die();
        world.Time.RunDue();
        world.CheckDead();
    }

    // What the account has more or less than at first is what the history says was earned and lost.
    private static void CheckMoney(World world)
    {
        var (plus, minus) = (world.Scenario.Settings.Chain.HostFunds, UInt256.Zero);
        var (slack, unknown) = (UInt256.Zero, UInt256.Zero);
        foreach (var (sale, end) in world.Memory.Past.Values)
        {
            sale.Terms.Ask.TryGetSlotCollateral(out var whole);
            plus += end.Earned;
            minus += end.CollateralLost;
            if (end.Earned > UInt256.Zero && world.Memory.Unheard.Contains(sale.Number))
            {
                slack += whole / 2;
            }

            // Found filled before its event came, and paid, both unheard: nobody knows since when it was filled.
            if (sale.FilledAt is null && end.Reason is SaleReason.Paid or SaleReason.RequestExpired
                && end.Earned == UInt256.Zero && world.Memory.Unheard.Contains(sale.Number))
            {
                unknown += sale.Terms.Reward;
            }

            // Filled, thrown out and never heard of, all while nothing ran or nothing was heard: it looks like another host's
            // slot. Whoever fills it again knows no more of it.
            if (end.CollateralLost == UInt256.Zero
                && (world.Memory.LeftInFilling.Contains(sale.Number) || world.Keeper.NeverHeardOf.Contains(sale.Slot)))
            {
                slack += whole;
            }
        }

        var account = world.Chain.BalanceOf(World.Us);
        var expected = plus - minus;
        if (account > expected + unknown || account + slack < expected)
        {
            world.Verdict.Break(
                "money",
                $"The account has {account}; by the history it has "
                + $"{expected}{(slack > UInt256.Zero ? $", or up to {slack} less" : "")}: "
                + $"{(account > expected ? $"{account - expected} more" : $"{expected - account} less")}.");
        }
    }
}
