using CodexSales.Rx.Domain;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>The books of what is for sale balance, and say the same as the sales that run.</summary>
internal sealed class Books(World world, Process process)
{
    public void CheckMoment(SaleLives lives)
    {
        var (booked, collateral, count) = ((UInt128)0, UInt256.Zero, 0);
        foreach (var balance in process.Pipeline.Availabilities.Snapshot)
        {
            if (BooksContract.FindFault(balance) is { } fault)
            {
                world.Verdict.Break("books", $"{fault}");
            }

            booked += (UInt128)balance.HeldBytes + balance.UsedBytes;
            collateral += balance.HeldCollateral;
            count += balance.Sales;
        }

        Compare(lives, booked, collateral, count);
    }

    public void CheckEnd()
    {
        foreach (var balance in process.Pipeline.Availabilities.Snapshot)
        {
            if (balance.Sales != 0 || balance.HeldCollateral != UInt256.Zero
                || balance.HeldBytes != 0 || balance.UsedBytes != 0 || balance.ExpectedReward != UInt256.Zero)
            {
                world.Verdict.Break(
                    "nothing held",
                    $"All is over, and '{balance.Availability.Id}' still has {balance.Sales} sales.");
            }

            if (balance.IsDraining)
            {
                world.Verdict.Break("drained", $"'{balance.Availability.Id}' is drained, and still there.");
            }
        }
    }

    // A sale whose end is on its way to the disk has given back what it held already.
    private void Compare(SaleLives lives, UInt128 booked, UInt256 collateral, int count)
    {
        var isSettled = process.Disk.IsSettled;
        var (mostBytes, mostCollateral, most) = ((UInt128)0, UInt256.Zero, 0);
        var (leastBytes, leastCollateral, least) = ((UInt128)0, UInt256.Zero, 0);
        foreach (var life in lives.Running.Values)
        {
            if (life.Holds is false)
            {
                continue;
            }

            var terms = life.Sale.Terms;
            (mostBytes, mostCollateral, most) =
                (mostBytes + terms.Ask.SlotSizeBytes, mostCollateral + terms.Collateral, most + 1);
            if (life.Holds is true && isSettled)
            {
                (leastBytes, leastCollateral, least) =
                    (leastBytes + terms.Ask.SlotSizeBytes, leastCollateral + terms.Collateral, least + 1);
            }
        }

        // Before the program runs, nobody has told of the sales that go on.
        if (process.Market.IsHeard
            && (booked > mostBytes || collateral > mostCollateral || count > most
                || booked < leastBytes || collateral < leastCollateral || count < least))
        {
            world.Verdict.Break(
                "holds",
                $"{count} sales hold {booked} bytes and {collateral}; those that run hold {least} to {most}, "
                + $"{leastBytes} to {mostBytes}, {leastCollateral} to {mostCollateral}.");
        }
    }
}
