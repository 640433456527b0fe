using System.Diagnostics;

namespace CodexSales.Rx.Sqlite.Tests.Durability;

/// <summary>
/// A process that saves <see cref="SomeBatches"/> one after the other, and says so of each, until it is killed.
/// </summary>
internal sealed class SavingProcess : IDisposable
{
    private readonly Process _process;

    public SavingProcess(string path, int firstBatch) => _process = Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "CodexSales.Rx.Sqlite.Tests"),
        ["save-batches", path, firstBatch.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    })!;

    /// <summary>What the process does.</summary>
    public static async Task<int> SaveBatchesAsync(string path, int first)
    {
        using var store = SqliteSalesStore.Open(
            new SqliteStoreOptions { Path = path, HistoryCapacity = SomeBatches.HistoryCapacity });
        for (var index = first; ; index++)
        {
            await store.SaveAsync(SomeBatches.At(index), CancellationToken.None);
            await Console.Out.WriteLineAsync(index.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Waits until it has saved one more; its index.</summary>
    public async Task<int> NextSavedAsync() => int.Parse(
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "it ended by itself",
        CultureInfo.InvariantCulture);

    /// <summary>Kills it in the midst of what it does (SIGKILL).</summary>
    /// <returns>The index of each batch that it said to have saved and that was not asked for yet.</returns>
    public async Task<IReadOnlyList<int>> KillAsync()
    {
        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);

        // The last line may be cut off: what was not said completely was not said.
        return [.. rest.Split('\n')[..^1].Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
