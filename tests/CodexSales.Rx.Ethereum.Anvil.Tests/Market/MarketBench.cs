using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Market;

/// <summary>A contract on a real node, and one host who sells on it through <see cref="EthereumMarket"/>.</summary>
internal sealed class MarketBench : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>The length of a period: a test is over sooner.</summary>
    public const ulong PeriodSeconds = 600;

    private const int ChainId = 31_337;

    // The key of the second account of every such node: it is in the node's own documentation.
    private const string Key = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    private static readonly UnixSeconds BeginOfPeriod = new(3_000_000 * PeriodSeconds);

    private readonly EventLoopScheduler _scheduler = new();
    private readonly HttpRpcTransport _transport;
    private readonly NotedTransactions _journal = new();
    private readonly ISigner _signer;
    private readonly IObservable<BlockStamp> _heads;
    private readonly Address? _payoutTo;
    private byte _requests;

    private MarketBench(AnvilNode node, DeployedMarketplace contract, bool isSignedByNode, Address? payoutTo)
    {
        (Node, Contract, _payoutTo) = (node, contract, payoutTo);
        Assert.True(RpcEndpoint.TryParse($"{node.HttpUrl}", out var endpoint, out var problem), problem);
        _transport = new HttpRpcTransport(endpoint, null, _scheduler);
        _signer = isSignedByNode
            ? new NodeAccountSigner(_transport, node.Accounts[1])
            : LocalKeySigner.FromKey(Convert.FromHexString(Key));
        _heads = Observable.Interval(TimeSpan.FromMilliseconds(100), _scheduler)
            .SelectMany(_ => AskHeadAsync(node))
            .DistinctUntilChanged()
            .Replay(1)
            .RefCount();
        Market = Start();
    }

    public AnvilNode Node { get; }

    public DeployedMarketplace Contract { get; }

    public EthereumMarket Market { get; private set; }

    public ConcurrentQueue<TransactionNotice> Notices { get; } = new();

    public Address Host => _signer.Account;

    private Address Client => Node.Accounts[0];

    public static async Task<MarketBench> StartAsync(bool isSignedByNode = false, Address? payoutTo = null)
    {
        var node = await AnvilNode.StartAsync(new AnvilOptions { StartTime = BeginOfPeriod });
        var contract = await DeployedMarketplace.DeployAsync(
            node, new MarketplaceSettings { PeriodSeconds = PeriodSeconds, TimeoutSeconds = PeriodSeconds / 2 });
        await contract.FundAsync(node.Accounts[0]);
        await contract.MintAsync(node.Accounts[1], 1_000_000_000);
        return new MarketBench(node, contract, isSignedByNode, payoutTo);
    }

    /// <summary>The newest block, once the market has heard of it.</summary>
    public async Task<BlockStamp> GetHeadAsync()
    {
        var (newest, _) = await Node.GetHeadAsync();
        return await _heads.FirstAsync(head => head.Number >= newest).Timeout(Patience, _scheduler);
    }

    /// <summary>What the contract says of a slot, and of this host, as of the newest block.</summary>
    public async Task<SlotOffer> GetOfferAsync(SlotKey slot) =>
        await Market.GetOfferAsync(slot, await GetHeadAsync(), TestContext.Current.CancellationToken);

    /// <summary>Asks for storage, and gives the first slot of the request.</summary>
    public async Task<SlotKey> RequestAsync(ulong slots = 1)
    {
        var request = new StorageRequest
        {
            Client = Client,
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = 1,
                CollateralPerByte = 2,
                Slots = slots,
                SlotSizeBytes = 1000,
                DurationSeconds = 3600,
                MaxSlotLoss = 0,
            },
            Cid = [1, 0x55],
            MerkleRoot = default,
            ExpirySeconds = 1800,
            Nonce = Keccak256.Hash([_requests++]),
        };
        await Contract.RequestStorageAsync(request);
        return new SlotKey(RequestId.Of(request), 0);
    }

    /// <summary>Ends the market as a crash does, and starts another one with the same journal.</summary>
    public void Restart()
    {
        Market.Dispose();
        Market = Start();
    }

    public async Task<ulong> CountTransactionsAsync() => Convert.ToUInt64(
        (await Node.Rpc.CallAsync("eth_getTransactionCount", $"{Host}", "latest")).GetString(), 16);

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo) => await Observable
        .Interval(TimeSpan.FromMilliseconds(100), _scheduler)
        .SelectMany(_ => isSo())
        .FirstAsync(so => so)
        .Timeout(Patience, _scheduler);

    public async ValueTask DisposeAsync()
    {
        Market.Dispose();
        await Node.DisposeAsync();
        _transport.Dispose();
        (_signer as IDisposable)?.Dispose();
        _scheduler.Dispose();
    }

    private static async Task<BlockStamp> AskHeadAsync(AnvilNode node)
    {
        var (number, time) = await node.GetHeadAsync();
        return new BlockStamp(number, time) { Hash = await node.GetBlockHashAsync(number) };
    }

    private EthereumMarket Start()
    {
        var market = new EthereumMarket(
            _transport,
            new ContractLocation(ChainId, Contract.Marketplace),
            _signer,
            _journal,
            new TransactionOptions
            {
                WatchInterval = TimeSpan.FromSeconds(1),
                StuckAfterBlocks = 3,
                StuckAfter = TimeSpan.FromSeconds(1),
                PayoutTo = _payoutTo,
            },
            Observable.Never<MarketEvent>(),
            _heads,
            Observable.Never<BlockStamp>(),
            _scheduler);
        market.TransactionNotices.Subscribe(Notices.Enqueue);
        return market;
    }
}
