using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Local.Sources;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Hosting;

/// <summary>Storage as files of this machine, and programs of the operator's that prove and store.</summary>
internal static class LocalPart
{
    // A hook may look whether a service of its own answers.
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(30);

    public static ISlotStorage OpenFiles(PartContext context)
    {
        var settings = context.Options.SlotFiles;
        var client = context.Own(new HttpClient(new SameHostRedirects(new SocketsHttpHandler())));
        try
        {
            return context.Own(new FileSlotStorage(
                new HttpSlotSource(client, settings.Source!),
                new FileSlotStorageOptions { Directory = Path.GetFullPath(settings.Directory!), QuotaBytes = settings.QuotaBytes }));
        }
        catch (SlotStorageException unusable)
        {
            throw new CannotSellException($"{context.Key("SlotFiles:Directory")}: {unusable.Message}", unusable);
        }
    }

    public static IProver OpenHookProver(PartContext context)
    {
        var selling = context.Options.Pipeline.Selling;
        return new HookProver(Hook(context, selling.ProveDeadline, selling.MaxProofsAtOnce), context.Core);
    }

    public static ISlotStorage OpenHookStorage(PartContext context)
    {
        var selling = context.Options.Pipeline.Selling;
        var workers = context.Options.Pipeline.MaxWorkers;
        var others = Hook(context, selling.StorageDeadline, workers);
        return new HookStorage(
            new HookStorageOptions { Store = Hook(context, selling.DownloadDeadline, workers), KeepUntil = others, Clear = others },
            context.Core);
    }

    /// <summary>Ends what hooks of the run before have left because it was killed, and makes the folder of the hooks.</summary>
    /// <exception cref="CannotSellException">The folder can't be made.</exception>
    public static void MakeReady(PartContext context)
    {
        if (OwnerOf(context) is { } owner && HookCommand.EndOrphans(owner) is > 0 and var orphans)
        {
            SalesLog.OrphansAreEnded(context.Logger, orphans);
        }

        try
        {
            if (FolderOf(context) is { } folder)
            {
                OwnerOnly.CreateFolder(folder);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new CannotSellException($"Hooks:Directory: {unusable.Message}", unusable);
        }
    }

    /// <summary>Asks the hook whether it can do its work.</summary>
    /// <exception cref="CannotSellException">
    /// It can't, and no sale is under way. If slots may be hosted, the host sells all the same: a hook that fails just now, such as at the
    /// start of a machine, may work before their periods end. While it fails again and again, nothing new is begun.
    /// </exception>
    public static async Task CheckHookAsync(PartContext context, CancellationToken cancellationToken)
    {
        try
        {
            await Hook(context, LongestCheck, 1).CheckAsync(context.Core, cancellationToken).ConfigureAwait(false);
        }
        catch (HookException failed)
        {
            var fault = $"Hooks:Program: {failed.Message}" + (failed.Failure is HookFailure.NotStarted or HookFailure.Refused
                ? ""
                : " What it reads is {\"hook\":\"check\"}, and what is expected is {\"done\":true}: a hook that was written before there was "
                    + "a check needs that one line more.");
            if (context.Store?.Load().Sales.Count is not > 0)
            {
                throw new CannotSellException(fault, failed);
            }

            SalesLog.HookFails(context.Logger, fault);
        }
    }

    private static HookCommand Hook(PartContext context, TimeSpan limit, int atOnce) => new()
    {
        Program = context.Options.Hooks.Program!,
        Arguments = FolderOf(context) is { } folder ? [.. context.Options.Hooks.Arguments, folder] : [.. context.Options.Hooks.Arguments],
        EnvironmentNames = [.. HookCommand.DefaultEnvironmentNames, .. context.Options.Hooks.EnvironmentNames],
        TimeLimit = limit,
        MaxProcesses = atOnce,
        Owner = OwnerOf(context),
    };

    private static string? FolderOf(PartContext context) =>
        context.Options.Hooks.Directory is { } folder ? Path.GetFullPath(folder) : null;

    // The store is locked, so that no other process has its name.
    private static string? OwnerOf(PartContext context) =>
        context.Store is null || context.Options.Sqlite.Path is not { } path ? null : Path.GetFullPath(path);
}
