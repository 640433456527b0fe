namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>How a link to a node stands.</summary>
/// <param name="Endpoint">The node that is asked, by a name without secrets.</param>
/// <param name="Connections">
/// How many times a connection came about; another number means that another node may answer.
/// </param>
/// <param name="Problem">What is wrong now, as one sentence; null when nothing is.</param>
public sealed record RpcLinkState(string Endpoint, long Connections, string? Problem)
{
    /// <summary>
    /// What is not as it should be and keeps no question from being answered, as one sentence: that another node than the
    /// preferred one is asked. Null when nothing is.
    /// </summary>
    public string? Notice { get; init; }

    /// <summary>How many connections came about after the first one.</summary>
    public long Reconnects => Math.Max(0, Connections - 1);
}
