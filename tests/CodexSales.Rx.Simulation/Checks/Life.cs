using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>One sale in one life of the program, as its steps tell of it.</summary>
internal sealed class Life(Sale sale, bool isResumed, SaleRecord? left)
{
    public Sale Sale => sale;

    public SaleStateName State { get; private set; }

    public DateTimeOffset Since { get; private set; }

    /// <summary>Whether a worker is busy with it: until it is hosted, or ends.</summary>
    public bool NeedsWorker { get; private set; } =
        !isResumed || (left is { State: var state } && IsAcquiring(state));

    /// <summary>Whether a transaction of it may fill its slot.</summary>
    public bool MayHaveFilled { get; private set; } = isResumed && left is null or { State: SaleStateName.SaleFilling };

    /// <summary>Whether it holds space and collateral; null where that can't be told from its steps.</summary>
    public bool? Holds { get; private set; } = isResumed ? left is null ? null : left.HeldIn is not null : false;

    public void Go(SaleStep step, DateTimeOffset now)
    {
        if (step.State != State)
        {
            (State, Since) = (step.State, now);
        }

        switch (step.State)
        {
            case SaleStateName.SaleSlotReserving:
                Holds = true;
                break;
            case SaleStateName.SaleFilling:
            case SaleStateName.SaleFilled:
                MayHaveFilled = true;
                break;
            case SaleStateName.SaleProving:
                NeedsWorker = false;
                Holds = Holds is true ? true : null;
                break;
        }
    }

    private static bool IsAcquiring(SaleStateName state) => state is SaleStateName.SalePreparing
        or SaleStateName.SaleSlotReserving or SaleStateName.SaleDownloading or SaleStateName.SaleInitialProving
        or SaleStateName.SaleFilling;
}
