namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>A transport that stays with a node, connects again by itself, and says how it stands.</summary>
/// <remarks>Disposing it ends the connection; whoever still waits for an answer is told that none will come.</remarks>
public interface IRpcLink : IRpcTransport, IDisposable
{
    /// <summary>How the link stands now. Read it from any thread.</summary>
    RpcLinkState State { get; }

    /// <summary>How the link stands: at once, then each time that it changes.</summary>
    IObservable<RpcLinkState> States { get; }

    /// <summary>The links to single nodes that it is made of: itself, unless it joins several.</summary>
    IReadOnlyList<IRpcLink> Endpoints => [this];

    /// <summary>
    /// That there may be a new block: the node pushed a head, or a connection came about. Tells nothing more on
    /// purpose: pushed heads may be missing, twice or out of order. Never notifies where a node can't push.
    /// </summary>
    IObservable<System.Reactive.Unit> Wakes { get; }

    /// <summary>
    /// Says that the node's answers are of no use, so that it is connected to afresh, or another one is asked.
    /// </summary>
    /// <param name="reason">One sentence for people.</param>
    void Suspect(string reason);
}
