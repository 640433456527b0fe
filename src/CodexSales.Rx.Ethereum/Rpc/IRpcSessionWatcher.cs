namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Is told what a session hears besides answers; on the scheduler.</summary>
internal interface IRpcSessionWatcher
{
    /// <summary>Something that was subscribed to happened.</summary>
    void Notified(RpcNotification notification);

    /// <summary>The node said something that can't be understood.</summary>
    /// <param name="problem">One sentence for people, without secrets.</param>
    void Complained(string problem);
}
