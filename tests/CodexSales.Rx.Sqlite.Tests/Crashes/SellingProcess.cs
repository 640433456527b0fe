using System.Diagnostics;
using System.Reactive.Linq;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Sqlite.Tests.Crashes;

/// <summary>
/// A process that sells on a <see cref="ChainFile"/> with a store in a file, as fast as it can, and tells of each step,
/// until all is sold and paid or it is killed.
/// </summary>
internal sealed class SellingProcess : IDisposable
{
    public const string Done = "done";

    // 128 and the number of the signal.
    private const int ExitCodeOfTheKilled = 128 + 9;

    private static readonly TimeSpan Stride = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    public SellingProcess(string folder, int seed) => _process = Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "CodexSales.Rx.Sqlite.Tests"),
        ["sell", folder, seed.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    })!;

    /// <summary>What the process does.</summary>
    public static int Sell(string folder, int seed)
    {
        using var chain = ChainFile.Open(Path.Combine(folder, "chain.txt"), seed);
        using var store = SqliteSalesStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "sales.db") });
        var isFirst = store.Load().Availabilities.Count == 0;
        using var pipeline = new SalesPipeline(
            new FiledMarket(chain),
            new QuickStorage(chain.Time),
            new SimulatedProver(chain.Time, TimeSpan.FromSeconds(5)),
            new SalesPipelineOptions { Seed = seed },
            chain.Time,
            new PatientStore(store, chain));
        if (isFirst)
        {
            _ = pipeline.Availabilities.SaveAsync(Offer);
            chain.Time.RunDue();
        }

        using var steps = pipeline.Steps.Subscribe(
            step => Console.Out.WriteLine($"{step.Sale.Number} {step.State}"), error => throw error);
        _ = pipeline.StartAsync();
        chain.Time.RunDue();
        CheckBooks(pipeline);
        while (chain.Time.Elapsed < TimeSpan.FromHours(5))
        {
            chain.Time.AdvanceBy(Stride);
            CheckBooks(pipeline);
            chain.Tick();
        }

        Console.Out.WriteLine(Done);
        return 0;
    }

    /// <summary>Waits for its next line; null when it ended by itself.</summary>
    public async Task<string?> NextLineAsync(CancellationToken cancellation) =>
        await _process.StandardOutput.ReadLineAsync(cancellation);

    /// <summary>Kills it in the midst of what it does (SIGKILL).</summary>
    /// <returns>False when it had ended before.</returns>
    public async Task<bool> KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode == ExitCodeOfTheKilled;
    }

    /// <summary>Also waits until the files are free again.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Availability Offer => new()
    {
        Id = new AvailabilityId("v1"),
        TotalBytes = 12_000,
        MaxDurationSeconds = 86_400,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 1_000_000,
    };

    // What is held is what running sales hold, to the last byte and token.
    private static void CheckBooks(SalesPipeline pipeline)
    {
        BooksContract.AssertBalanced(pipeline.Availabilities.Snapshot);
        var books = pipeline.Availabilities.Totals;
        var holding = pipeline.Sales.Snapshot.Items.Where(step => step.State is not SaleStateName.SalePreparing).ToList();
        var bytes = holding.Aggregate((UInt128)0, (sum, step) => sum + step.Sale.Terms.Ask.SlotSizeBytes);
        var collateral = holding.Aggregate(UInt256.Zero, (sum, step) => sum + step.Sale.Terms.Collateral);
        if ((bytes, collateral, holding.Count) != (books.HeldBytes + books.UsedBytes, books.HeldCollateral, books.Sales))
        {
            throw new InvalidOperationException(
                $"The books say {books}, and {holding.Count} running sales hold {bytes} bytes and {collateral}.");
        }
    }

    private sealed class QuickStorage(VirtualTime time) : ISlotStorage
    {
        public IObservable<ulong> Store(SlotDownload download) =>
            Observable.Timer(TimeSpan.FromSeconds(20), time).Select(_ => download.Request.Ask.SlotSizeBytes);

        public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) => Task.CompletedTask;

        public Task ClearAsync(SlotKey slot, CancellationToken cancellation) => Task.CompletedTask;
    }

    // Virtual time does not pass while the disk works. What the store knows is never later than what the chain knows.
    private sealed class PatientStore(SqliteSalesStore store, ChainFile chain) : ISalesStore
    {
        public StoredSales Load() => store.Load();

        public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
        {
            chain.Tick();
            Save(changes, cancellation);
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(long before, int count, CancellationToken cancellation) =>
            store.ReadHistoryAsync(before, count, cancellation);

        private void Save(IReadOnlyList<StoreChange> changes, CancellationToken cancellation) =>
            store.SaveAsync(changes, cancellation).GetAwaiter().GetResult();
    }
}
