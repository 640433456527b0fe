using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Nethereum.Rpc;
using CodexSales.Rx.Nethereum.Signers;
using CodexSales.Rx.Nethereum.Tests.Signers;
using Nethereum.JsonRpc.Client;
using Nethereum.Signer;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>A host whose key is in a device of Nethereum, and whose node is asked by a client of Nethereum.</summary>
public sealed class NethereumHostTests
{
    [Fact]
    public async Task A_slot_is_filled_proved_and_paid_with_a_device_and_a_client_of_Nethereum()
    {
        using var folder = new TemporaryFolder();
        await using var day = await MarketDay.StartAsync();
        var settings = day.SettingsFor(account: 1, folder.File("sales.db"));
        using var time = new EventLoopScheduler();
        var device = new KeyDevice(new EthECKey(settings.Key, isPrivate: true), ExternalSignerTransactionFormat.RLP);
        using var host = new SellingHost(settings with
        {
            Signer = await device.ToSignerAsync(time),
            Link = (endpoint, chain) => new NethereumRpcLink(new RpcClient(settings.Node), endpoint, null, chain),
        });
        day.Followers = host.ReachAsync;
        await host.RunAsync();

        // Blocks don't wait for Nethereum to sign, which takes longer than we do.
        await day.RequestAsync(slots: 1, periods: 20, periodsUntilExpiry: 19);
        await day.UntilAsync(() => host.Steps.Any(step => step.End is not null), TestContext.Current.CancellationToken);

        var end = Assert.Single(host.Steps, step => step.End is not null);
        Assert.Equal((SaleStateName.SaleFinished, SaleReason.Paid), (end.State, end.End!.Reason));
        await host.AssertBooksAsync(day);
        Assert.Contains(day.Transactions, sent => sent.Function == "submitProof");
        Assert.All(day.Transactions, sent => Assert.True(sent.HasSucceeded, $"{sent}"));
        day.AssertNothingIsSentTwice(host.Account);
    }
}
