using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Local.Sources;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Resilience;

namespace CodexSales.Node.Run;

/// <summary>Makes storage and prover: the operator's hook; files, where there is a source of slots.</summary>
internal static class PortFactory
{
    private const string SlotsFolder = "slots";

    // A hook may look whether a service of its own answers.
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

    // A copy of the pipeline's own: the program has no options for them.
    private static readonly SellingOptions _limits = new();

    /// <param name="store">All that is for sale: files may take as much.</param>
    public static ISlotStorage OpenStorage(RunOptions options, StoredSales store, IScheduler core, DisposableStack parts)
    {
        if (options.Source is not { } source)
        {
            var download = Hook(options, _limits.DownloadDeadline, options.Workers);
            var others = Hook(options, _limits.StorageDeadline, options.Workers);
            return new HookStorage(new HookStorageOptions { Store = download, KeepUntil = others, Clear = others }, core);
        }

        var client = parts.Add(new HttpClient(new SameHostRedirects(new SocketsHttpHandler())));
        try
        {
            return parts.Add(new FileSlotStorage(
                new HttpSlotSource(client, source),
                new FileSlotStorageOptions { Directory = FolderOf(options), QuotaBytes = QuotaOf(options, store) }));
        }
        catch (SlotStorageException unusable)
        {
            throw new CannotRunException($"--data: {unusable.Message}", unusable);
        }
    }

    public static IProver OpenProver(RunOptions options, IScheduler core) =>
        new HookProver(Hook(options, _limits.ProveDeadline, _limits.MaxProofsAtOnce), core);

    /// <summary>Asks the hook whether it can do its work; the answer is the sentence why not, or null when it can.</summary>
    public static async Task<string?> FindHookFaultAsync(RunOptions options, IScheduler core, CancellationToken cancellation)
    {
        try
        {
            await Hook(options, LongestCheck, 1).CheckAsync(core, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (HookException failed) when (failed.Failure is HookFailure.NotStarted or HookFailure.Refused)
        {
            return $"--hook: {failed.Message}";
        }
        catch (HookException failed)
        {
            return $"--hook: {failed.Message} What it reads is {{\"hook\":\"check\"}}, and what is expected is {{\"done\":true}}: a hook "
                + "that was written before there was a check needs that one line more.";
        }
    }

    /// <summary>Ends the processes that the run before has left because it was killed, and counts them.</summary>
    public static int EndOrphans(RunOptions options) => HookCommand.EndOrphans(FolderOf(options));

    /// <summary>Makes the folder of the slots, also for a hook that stores them.</summary>
    public static void MakeFolder(RunOptions options) => OwnFolder.Make(FolderOf(options));

    // The folder of the slots is the hook's argument even where it does not store them.
    private static HookCommand Hook(RunOptions options, TimeSpan limit, int atOnce) => new()
    {
        Program = options.Hook!,
        Arguments = [FolderOf(options)],
        TimeLimit = limit,
        MaxProcesses = Math.Max(1, atOnce),
        EnvironmentNames = [.. HookCommand.DefaultEnvironmentNames, .. options.HookVariables],
        Owner = FolderOf(options),
    };

    private static string FolderOf(RunOptions options) => Path.GetFullPath(Path.Combine(options.Data!, SlotsFolder));

    private static ulong QuotaOf(RunOptions options, StoredSales store)
    {
        // An option replaces the availability of its id.
        var sum = options.Availabilities
            .UnionBy(store.Availabilities.Select(stored => stored.Availability), availability => availability.Id)
            .Aggregate(UInt128.Zero, (total, availability) => total + availability.TotalBytes);
        return (ulong)UInt128.Clamp(sum, 1, long.MaxValue);
    }
}
