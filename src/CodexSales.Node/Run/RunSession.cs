using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Node.Run;

/// <summary>Sells on a chain, from the first look at it until it is interrupted.</summary>
internal sealed class RunSession(RunOptions options, RunLines lines, IScheduler core)
{
    /// <summary>Runs until it is interrupted, and then comes to rest.</summary>
    /// <exception cref="CannotRunException">The options do not go with the machine, the node or the store.</exception>
    /// <exception cref="ChainUntrustedException">The chain contradicts its own past.</exception>
    public async Task RunAsync(CancellationToken interrupted)
    {
        using var parts = new DisposableStack();
        var link = parts.Add(
            TransportFactory.To(options.Nodes, new RpcOptions { MaxPerSecond = options.RequestsPerSecond }, core));
        var signer = SignerFactory.Open(options, link, core, parts);
        if (!options.IsDryRun && HookFile.FindFault(options.Hook!) is { } fault)
        {
            throw new CannotRunException(fault);
        }

        var store = OpenStore(parts);
        options = options with { Availabilities = Offers.WithIds(options.Availabilities, store?.Load().Availabilities ?? []) };
        if (store is not null && PortFactory.EndOrphans(options) is > 0 and var orphans)
        {
            lines.Say("hook", $"{orphans} processes that hooks of the run before had left are ended.");
        }

        lines.Say(
            "start",
            $"{signer.Account} sells on {options.Marketplace} at {string.Join(", ", options.Nodes)}"
                + (options.IsDryRun ? ". A dry run: nothing is sent, stored or proved." : "."));
        if (SignerFactory.FindRisk(options) is { } risk)
        {
            lines.Say("signer", risk);
        }

        try
        {
            await CheckHookAsync(store, interrupted).ConfigureAwait(false);
            var chain = await new ChainStart(options, link, signer, lines, core).FindAsync(interrupted)
                .ConfigureAwait(false);
            lines.Say(
                "chain",
                $"Chain {chain.Id}: requests of the last {chain.LongestRequest.TotalDays:0.#} days are read.");
            await ClaimAsync(store, new StoreOwner(chain.Id, options.Marketplace, signer.Account), interrupted)
                .ConfigureAwait(false);
            var host = new SellingHost(options, chain, link, signer, store, lines, core, parts);
            await SellAsync(host, interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            lines.Say("stop", "Stopped before anything was sold.");
        }
    }

    // If slots may be hosted, the host sells all the same: a hook that fails just now, such as at the start of a machine, may
    // work before their periods end. While it fails again and again, nothing new is begun.
    private async Task CheckHookAsync(SqliteSalesStore? store, CancellationToken interrupted)
    {
        if (store is null || await PortFactory.FindHookFaultAsync(options, core, interrupted).ConfigureAwait(false) is not { } fault)
        {
            return;
        }

        if (store.Load().Sales.Count == 0)
        {
            throw new CannotRunException(fault);
        }

        lines.Say("hook", $"{fault} Sales are under way, so that they go on all the same.");
    }

    private async Task SellAsync(SellingHost host, CancellationToken interrupted)
    {
        await using var ended = host.ConfigureAwait(false);
        await host.OfferAsync().ConfigureAwait(false);
        var interruption = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registered = interrupted.Register(() => interruption.TrySetResult());
        using (WatchDisk(host))
        {
            await host.StartAsync(interrupted).ConfigureAwait(false);
            await (await Task.WhenAny(interruption.Task, host.Completion).ConfigureAwait(false)).ConfigureAwait(false);
        }

        lines.Say(
            "stop",
            "Nothing new begins. Hosted slots are proved on, and what is on its way to the chain or the store is waited for, "
                + $"{options.StopWithin.TotalSeconds} s at most; interrupt again to stop at once.");
        await host.StopAsync().ConfigureAwait(false);
    }

    private IDisposable WatchDisk(SellingHost host)
    {
        if (options.Data is not { } folder || options.IsDryRun)
        {
            return Disposable.Empty;
        }

        var watch = new DiskWatch(() => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace, options.KeepFreeBytes, core);
        return new CompositeDisposable(
            watch.ShortagesOf(host.Availabilities).Subscribe(shortage => lines.Say("disk", shortage)),
            watch.Reasons.Subscribe(because =>
            {
                host.Hold(because);
                lines.Say("disk", because ?? "There is enough room on the disk again: new slots are taken.");
            }));
    }

    private static async Task ClaimAsync(SqliteSalesStore? store, StoreOwner owner, CancellationToken interrupted)
    {
        try
        {
            await (store?.ClaimAsync(owner, interrupted) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (SalesStoreException refused)
        {
            throw new CannotRunException($"--data: {refused.Message}", refused);
        }
    }

    private SqliteSalesStore? OpenStore(DisposableStack parts)
    {
        if (options.IsDryRun)
        {
            return null;
        }

        var store = parts.Add(SalesFile.Open(options.Data!));
        PortFactory.MakeFolder(options);
        return store;
    }
}
