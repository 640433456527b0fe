using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Local.Sources;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Hosting;

/// <summary>Storage as files of this machine, and programs of the operator's that prove and store.</summary>
internal static class LocalPart
{
    public static ISlotStorage OpenFiles(PartContext context)
    {
        var settings = context.Options.SlotFiles;
        var client = context.Own(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }));
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

    private static HookCommand Hook(PartContext context, TimeSpan limit, int atOnce) => new()
    {
        Program = context.Options.Hooks.Program!,
        Arguments = [.. context.Options.Hooks.Arguments],
        EnvironmentNames = [.. HookCommand.DefaultEnvironmentNames, .. context.Options.Hooks.EnvironmentNames],
        TimeLimit = limit,
        MaxProcesses = atOnce,
    };
}
