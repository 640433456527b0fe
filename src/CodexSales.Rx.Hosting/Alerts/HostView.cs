using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Health;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>What rules see of a host at one moment.</summary>
/// <param name="Now">When, on the host's clock.</param>
/// <param name="Problem">Why nothing can be sold at all; null when nothing keeps it from that.</param>
/// <param name="Health">How the pipeline is doing.</param>
internal sealed record HostView(DateTimeOffset Now, string? Problem, SalesHealth Health)
{
    /// <summary>The state of each node that is asked; empty on a market without nodes.</summary>
    public IReadOnlyList<RpcLinkState> Nodes { get; init; } = [];

    /// <summary>The money of the account; null as long as that is not known, and on a market that doesn't say.</summary>
    public AccountMoney? Money { get; init; }

    /// <summary>How much is free where things are written.</summary>
    public IReadOnlyList<FreeSpace> Disks { get; init; } = [];

    /// <summary>What was wrong with the store whose place an empty one took; null when nothing was.</summary>
    public string? StoreDamage { get; init; }
}

/// <summary>The money of the account that sells.</summary>
/// <param name="Wei">Its ether, in wei.</param>
/// <param name="Tokens">Its tokens, in the smallest unit.</param>
/// <param name="SpentInADay">The fees of the last 24 hours, in wei.</param>
/// <param name="MostInADay">Their limit, in wei.</param>
internal sealed record AccountMoney(UInt256 Wei, UInt256 Tokens, UInt256 SpentInADay, UInt256 MostInADay);

/// <summary>How much is free on the disk of a folder.</summary>
internal sealed record FreeSpace(string Folder, ulong Bytes);
