namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>The state of a link to a node.</summary>
/// <param name="Endpoint">The node that is asked, by a name without secrets.</param>
/// <param name="Connections">The number of connections so far; another one may lead to another node.</param>
/// <param name="Problem">What is wrong now, as one sentence; null when nothing is.</param>
public sealed record RpcLinkState(string Endpoint, long Connections, string? Problem)
{
    /// <summary>A harmless shortcoming, as one sentence: another node than the first is asked. Else null.</summary>
    public string? Notice { get; init; }

    /// <summary>The number of connections after the first one.</summary>
    public long Reconnects => Math.Max(0, Connections - 1);
}
