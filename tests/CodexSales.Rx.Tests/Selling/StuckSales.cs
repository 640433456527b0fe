namespace CodexSales.Rx.Tests.Selling;

/// <summary>Sales that can't leave the state in which a test wants them.</summary>
internal static class StuckSales
{
    /// <summary>The states in which a worker is busy and the slot is not this host's yet.</summary>
    public static TheoryData<State> Acquiring { get; } =
        [State.SalePreparing, State.SaleSlotReserving, State.SaleDownloading, State.SaleInitialProving, State.SaleFilling];

    /// <summary>One worker, and deadlines beyond whatever happens.</summary>
    public static SalesPipelineOptions Patient { get; } = new()
    {
        Workers = 1,
        Selling = new SellingOptions
        {
            ReserveDeadline = TimeSpan.FromDays(99),
            DownloadStallDeadline = TimeSpan.FromDays(99),
            DownloadDeadline = TimeSpan.FromDays(99),
            ProveDeadline = TimeSpan.FromDays(99),
            TransactionDeadline = TimeSpan.FromDays(99),
        },
    };

    /// <summary>Lets no sale go beyond a state from now on.</summary>
    public static SalesFixture StickIn(this SalesFixture sales, State state)
    {
        switch (state)
        {
            case State.SalePreparing:
                sales.Obstacles.Before = ObstructedMarket.Hangs("GetOfferAsync");
                break;
            case State.SaleSlotReserving:
                sales.Obstacles.Before = ObstructedMarket.Hangs("ReserveSlotAsync");
                break;
            case State.SaleDownloading:
                sales.Storage.OnStore = _ => Observable.Never<ulong>();
                break;
            case State.SaleInitialProving:
                sales.Prover.OnProve = (_, _) => new TaskCompletionSource<CodexSales.Rx.Ports.Proving.Groth16Proof>().Task;
                break;
            case State.SaleFilling:
                sales.Obstacles.Before = ObstructedMarket.Hangs("FillSlotAsync");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "A sale can't be stuck there.");
        }

        return sales;
    }

    /// <summary>Stops the pipeline, and takes whatever a sale was stuck in out of the way.</summary>
    public static SalesFixture Unstick(this SalesFixture sales)
    {
        sales.Stop();
        sales.Obstacles.Before = _ => null;
        sales.Storage.OnStore = download => Observable.Return(download.Request.Ask.SlotSizeBytes);
        sales.Prover.OnProve = (_, _) => Task.FromResult(ScriptedProver.Proof);
        return sales;
    }

    /// <summary>A sale of a slot that is stuck in a state.</summary>
    public static SlotKey SellUpTo(this SalesFixture sales, State state, ulong expirySeconds = 3_600)
    {
        var slot = new SlotKey(sales.StickIn(state).Request(SalesFixture.Ask(price: 2), expirySeconds), 0);
        sales.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(state, sales.Steps[^1].State);
        return slot;
    }

    /// <summary>A sale of a slot that waits for the answer to one call, which comes when the test says so.</summary>
    public static SlotKey SellUpToQuestion(this SalesFixture sales, string name, out Action answer)
    {
        var asked = new TaskCompletionSource();
        sales.Obstacles.Before = called => called == name ? asked.Task : null;
        answer = () =>
        {
            sales.Obstacles.Before = _ => null;
            sales.Time.Run(() =>
            {
                asked.SetResult();
                return Task.CompletedTask;
            });
        };
        return new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
    }

    /// <summary>
    /// A request whose two slots others fill and of which one is lost, so that this host repairs it: to lose the other
    /// one too is the request's failure.
    /// </summary>
    public static SlotKey RepairUpTo(this SalesFixture sales, State state)
    {
        sales.BuyNoMore();
        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 2, maxSlotLoss: 1));
        var (lost, other) = (new SlotKey(request, 0), new SlotKey(request, 1));
        sales.FillElsewhere(lost);
        sales.FillElsewhere(other);
        sales.Time.Run(() => sales.Others.FreeSlotAsync(lost, default));

        sales.StickIn(state).Save(SalesFixture.Offer());
        sales.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((lost, state), (sales.Steps[^1].Sale.Slot, sales.Steps[^1].State));
        return other;
    }

    /// <summary>From now on nothing new is sold, such as a slot that another host loses.</summary>
    public static void BuyNoMore(this SalesFixture sales) => sales.Save(SalesFixture.Offer() with { IsDisabled = true });

    public static void AssertEnd(this SalesFixture sales, State state, SaleReason reason)
    {
        var end = Assert.Single(sales.Ends);
        Assert.Equal((state, reason), (end.State, end.End!.Reason));
    }

    /// <summary>A sale that is stuck is given up at its deadline, and nothing is left of it.</summary>
    public static void AssertErrsWithin(this SalesFixture sales, TimeSpan deadline)
    {
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(deadline);
        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    /// <summary>Data is cleared once where there may be some, and not at all where there is none.</summary>
    public static void AssertClearedOnce(this SalesFixture sales) =>
        Assert.Equal(sales.Storage.Stored.Select(download => download.Slot), sales.Storage.Cleared);
}
