using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>Who a host is, and where it sells.</summary>
/// <param name="Node">Where the node answers.</param>
/// <param name="Marketplace">The contract.</param>
/// <param name="Account">Which of the node's accounts it is, from 1 to 3.</param>
/// <param name="StorePath">The file of its store and journal.</param>
internal sealed record HostSettings(Uri Node, Address Marketplace, int Account, string StorePath)
{
    public const int ChainId = 31_337;

    // The keys of every such node: they are in the node's own documentation.
    private static readonly string[] Keys =
    [
        "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
        "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
        "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
    ];

    /// <summary>How many bytes it sells.</summary>
    public ulong TotalBytes { get; init; } = 1_000_000_000;

    /// <summary>How many times as fast as the clock time passes for its sales.</summary>
    public int Quickening { get; init; } = 10;

    /// <summary>
    /// Whether blocks come on that time, too: then all of the host lives on it. Otherwise they come as fast as can be.
    /// </summary>
    public bool IsPaced { get; init; }

    /// <summary>How many slots it acquires at once.</summary>
    public int Workers { get; init; } = 3;

    /// <summary>What signs in place of its key.</summary>
    public ISigner? Signer { get; init; }

    /// <summary>How it asks the node in place of our own transports.</summary>
    public Func<RpcEndpoint, IScheduler, IRpcLink>? Link { get; init; }

    /// <summary>The key of its account.</summary>
    public byte[] Key => Convert.FromHexString(Keys[Account - 1]);
}
