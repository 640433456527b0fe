using System.Reactive;
using Nethereum.JsonRpc.Client.Streaming;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.RPC.Reactive.Eth.Subscriptions;

namespace CodexSales.Rx.Nethereum.Streams;

/// <summary>The subscriptions of Nethereum.RPC.Reactive as what wakes an intake.</summary>
public static class NethereumWakes
{
    // A connection without the answer to a subscription is of no use, and a node that was lost is not asked all the time.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    /// <summary>Tells that there may be a new block: with each head, each log of the contract, and each connection.</summary>
    /// <remarks>
    /// For the link that reads: <c>new NethereumRpcLink(client, endpoint, null, scheduler, wakes)</c>. The content of a push
    /// is not used. The intake reads from the last block that it has told, whichever pushes were lost, came twice or out of
    /// order: nothing is missed, only later by up to its interval of polling. A connection that is lost is followed by
    /// another one. Never fails and never ends. Threading: notifies on any thread.
    /// </remarks>
    /// <param name="connect">Makes a client for each connection, not started yet, such as a <c>StreamingWebSocketClient</c>.</param>
    /// <param name="marketplace">The contract.</param>
    /// <param name="scheduler">Where time passes.</param>
    public static IObservable<Unit> Of(Func<IStreamingClient> connect, Address marketplace, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(connect);
        ArgumentNullException.ThrowIfNull(scheduler);
        return Observable.Defer(() => Listen(connect(), marketplace, scheduler))
            .Catch((Exception _) => Observable.Empty<Unit>())
            .Concat(Observable.Timer(_pause, scheduler).SelectMany(_ => Observable.Empty<Unit>()))
            .Repeat();
    }

    // One connection, until it is lost.
    private static IObservable<Unit> Listen(IStreamingClient client, Address marketplace, IScheduler scheduler) => Observable.Defer(() =>
    {
        var heads = new EthNewBlockHeadersObservableSubscription(client);
        var logs = new EthLogsObservableSubscription(client);
        var connected = heads.GetSubscribeResponseAsObservable()
            .Zip(
                logs.GetSubscribeResponseAsObservable(),
                Observable.FromAsync(() => BeginAsync(client, heads, logs, marketplace)),
                (_, _, _) => Unit.Default)
            .Timeout(_patience, scheduler);
        return Observable.Merge(
            heads.GetSubscriptionDataResponsesAsObservable().Select(_ => Unit.Default),
            logs.GetSubscriptionDataResponsesAsObservable().Select(_ => Unit.Default),
            connected.Concat(Observable.Never<Unit>()));
    }).Finally(() => _ = StopAsync(client));

    private static async Task BeginAsync(
        IStreamingClient client,
        EthNewBlockHeadersObservableSubscription heads,
        EthLogsObservableSubscription logs,
        Address marketplace)
    {
        await client.StartAsync().ConfigureAwait(false);
        await heads.SubscribeAsync().ConfigureAwait(false);
        await logs.SubscribeAsync(new NewFilterInput { Address = [$"{marketplace}"] }).ConfigureAwait(false);
    }

    private static async Task StopAsync(IStreamingClient client)
    {
        try
        {
            await client.StopAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was of no use any more.
        }
    }
}
