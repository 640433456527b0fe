using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil;

namespace CodexSales.Node.Tests.Run;

/// <summary>A real node with the contract on it, which makes a block for each transaction.</summary>
public sealed class MarketOnANode : IAsyncLifetime
{
    // The key of the node's second account: it is in the node's own documentation.
    public const string HostKey = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    public static readonly UInt256 HostFunds = 1_000_000_000_000;

    /// <summary>The length of a proof period.</summary>
    public ulong PeriodSeconds { get; init; } = 5;

    public AnvilNode Node { get; private set; } = null!;

    public DeployedMarketplace Contract { get; private set; } = null!;

    /// <summary>The account of <see cref="HostKey"/>, which owns <see cref="HostFunds"/>.</summary>
    public Address Host => Node.Accounts[1];

    public async ValueTask InitializeAsync()
    {
        Node = await AnvilNode.StartAsync();
        Contract = await DeployedMarketplace.DeployAsync(
            Node, new MarketplaceSettings { PeriodSeconds = PeriodSeconds, TimeoutSeconds = PeriodSeconds / 2 });
        await Contract.FundAsync(Node.Accounts[0]);
        await Contract.MintAsync(Host, HostFunds);
    }

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    /// <summary>A client asks for storage.</summary>
    public async Task<StorageRequest> RequestAsync(ulong slots, ulong durationSeconds, ulong expirySeconds)
    {
        var request = new StorageRequest
        {
            Client = Node.Accounts[0],
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = 2,
                CollateralPerByte = 1,
                Slots = slots,
                SlotSizeBytes = 1_000,
                DurationSeconds = durationSeconds,
                MaxSlotLoss = 0,
            },
            Cid = [1, 0x55],
            MerkleRoot = default,
            ExpirySeconds = expirySeconds,
            Nonce = Keccak256.Hash([(byte)slots]),
        };
        await Contract.RequestStorageAsync(request);
        return request;
    }
}
