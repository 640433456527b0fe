using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Storing;

namespace CodexSales.Node.Run;

/// <summary>Sells on a chain, from the first look at it until it is interrupted.</summary>
internal sealed class RunSession(RunOptions options, RunLines lines, IScheduler core)
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(2);

    /// <summary>Runs until it is interrupted, and then comes to rest.</summary>
    /// <exception cref="CannotRunException">It can't run as it is told to.</exception>
    /// <exception cref="ChainUntrustedException">What the chain said before is not so any more.</exception>
    public async Task RunAsync(CancellationToken interrupted)
    {
        using var parts = new Parts();
        var link = parts.Add(
            Links.To(options.Nodes, new RpcOptions { MaxPerSecond = options.RequestsPerSecond }, core));
        var signer = Keys.Open(options, link, core, parts);
        if (!options.IsDryRun && HookFile.FindFault(options.Hook!) is { } fault)
        {
            throw new CannotRunException(fault);
        }

        var store = OpenStore(parts);
        options = options with { Availabilities = Offers.WithIds(options.Availabilities, store?.Load().Availabilities ?? []) };
        if (store is not null && Ports.EndOrphans(options) is > 0 and var orphans)
        {
            lines.Say("hook", $"{orphans} processes that hooks of the run before had left are ended.");
        }

        lines.Say(
            "start",
            $"{signer.Account} sells on {options.Marketplace} at {string.Join(", ", options.Nodes)}"
                + (options.IsDryRun ? ". A dry run: nothing is sent, stored or proved." : "."));
        if (Keys.FindRisk(options) is { } risk)
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

    // Where slots may be hosted it goes on all the same: what a hook can't do just now, such as at the start of a machine, it may
    // do before their periods end. While it fails again and again, nothing new is begun.
    private async Task CheckHookAsync(SqliteSalesStore? store, CancellationToken interrupted)
    {
        if (store is null || await Ports.FindHookFaultAsync(options, core, interrupted).ConfigureAwait(false) is not { } fault)
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
        try
        {
            await host.OfferAsync().ConfigureAwait(false);
            using var disk = WatchDisk(host);
            host.Start();
            var interruption = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registered = interrupted.Register(() => interruption.TrySetResult());
            await (await Task.WhenAny(interruption.Task, host.Failure).ConfigureAwait(false)).ConfigureAwait(false);
            lines.Say(
                "stop",
                "Nothing new begins. What is on its way to the chain is waited for, "
                    + $"{LongestRest.TotalMinutes} minutes at most; interrupt again to stop at once.");
            await StopAsync(host).ConfigureAwait(false);
        }
        finally
        {
            var sales = await host.EndAsync().ConfigureAwait(false);
            lines.Say("stop", $"Stopped. Sales under way, which the next run takes up: {sales}.");
        }
    }

    // Until it has come to rest it goes on: what is hosted is proved meanwhile.
    private static async Task StopAsync(SellingHost host)
    {
        try
        {
            var rest = host.ComeToRestAsync(LongestRest);
            await (await Task.WhenAny(rest, host.Failure).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new StopFailedException(failure);
        }
    }

    private IDisposable WatchDisk(SellingHost host)
    {
        if (options.Data is not { } folder || options.IsDryRun)
        {
            return Disposable.Empty;
        }

        var watch = new DiskWatch(() => new DriveInfo(folder).AvailableFreeSpace, options.KeepFreeBytes, core);
        if (watch.FindShortage(host.BytesToCome) is { } shortage)
        {
            lines.Say("disk", shortage);
        }

        return watch.Reasons.Subscribe(because =>
        {
            host.Hold(because);
            lines.Say("disk", because ?? "There is enough room on the disk again: new slots are taken.");
        });
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

    private SqliteSalesStore? OpenStore(Parts parts) => options.IsDryRun ? null : parts.Add(SalesFile.Open(options.Data!));
}
