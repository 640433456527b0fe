using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Local.Sources;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Resilience;

namespace CodexSales.Node.Run;

/// <summary>Who stores and who proves: the operator's hook; files, where there is a source of slots.</summary>
internal static class PortFactory
{
    private const string SlotsFolder = "slots";

    // A hook may look whether a service of its own answers.
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

    /// <summary>Makes the storage.</summary>
    /// <param name="options">The options; not of a dry run.</param>
    /// <param name="store">What is for sale: files may take as much.</param>
    /// <param name="core">Where time passes.</param>
    /// <param name="parts">Takes what is to be disposed of with the storage.</param>
    /// <exception cref="CannotRunException">The folder can't be used.</exception>
    public static ISlotStorage OpenStorage(
        RunOptions options, StoredSales store, IScheduler core, DisposableStack parts)
    {
        var limits = new SellingOptions();
        if (options.Source is not { } source)
        {
            var others = Hook(options, limits.StorageDeadline, options.Workers);
            return new HookStorage(
                new HookStorageOptions
                {
                    Store = Hook(options, limits.DownloadDeadline, options.Workers),
                    KeepUntil = others,
                    Clear = others,
                },
                core);
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

    /// <summary>Makes the prover.</summary>
    public static IProver OpenProver(RunOptions options, IScheduler core)
    {
        var limits = new SellingOptions();
        return new HookProver(Hook(options, limits.ProveDeadline, limits.MaxProofsAtOnce), core);
    }

    /// <summary>Asks the hook whether it can do its work.</summary>
    /// <returns>Why it can't, in one sentence or two; null when it can.</returns>
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

    /// <summary>Ends what the run before has left because it was killed.</summary>
    /// <returns>How many processes.</returns>
    public static int EndOrphans(RunOptions options) => HookCommand.EndOrphans(FolderOf(options));

    /// <summary>Makes the folder of the slots, whoever stores them, so that nobody but its owner may look into it.</summary>
    public static void MakeFolder(RunOptions options) => OwnFolder.Make(FolderOf(options));

    // The hook is told where slots are, whoever stores them.
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
        var sizes = new Dictionary<AvailabilityId, ulong>();
        foreach (var availability in store.Availabilities.Select(stored => stored.Availability)
            .Concat(options.Availabilities))
        {
            sizes[availability.Id] = availability.TotalBytes;
        }

        var sum = sizes.Values.Aggregate(UInt128.Zero, (total, size) => total + size);
        return (ulong)UInt128.Clamp(sum, 1, long.MaxValue);
    }
}
