namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>A transport that stays with a node, connects again by itself, and says how it stands.</summary>
/// <remarks>Disposing it ends the connection, and open questions get no answer.</remarks>
public interface IRpcLink : IRpcTransport, IDisposable
{
    /// <summary>The state of the link now. Read it from any thread.</summary>
    RpcLinkState State { get; }

    /// <summary>The state of the link: at once, then each time that it changes.</summary>
    IObservable<RpcLinkState> States { get; }

    /// <summary>The links to single nodes that it is made of: itself, unless it joins several.</summary>
    IReadOnlyList<IRpcLink> Endpoints => [this];

    /// <summary>
    /// Tells that there may be a new block (a pushed head, or a new connection), and no more: pushed heads may be
    /// missing, twice or out of order. Never notifies where a node can't push.
    /// </summary>
    IObservable<System.Reactive.Unit> Wakes { get; }

    /// <summary>Has a useless node connected to afresh, or another one asked; the reason is one sentence.</summary>
    void Suspect(string reason);
}
