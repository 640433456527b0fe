namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Is told what an intake finds, in order, on its scheduler.</summary>
internal interface IIntakeListener
{
    /// <summary>An event happened, or was taken back.</summary>
    void Tell(MarketEvent happened);

    /// <summary>
    /// All events up to a block were told, those of the block among them: it is the newest one that the node has.
    /// </summary>
    void Completed(BlockStamp block);

    /// <summary>A block is the next one whose events are told, or is known to be the node's newest one.</summary>
    void Reached(BlockStamp block);

    /// <summary>The events of all blocks above one were taken back.</summary>
    void Rewound(BlockStamp block);

    /// <summary>No reorganisation takes back a block any more, nor any before it.</summary>
    void Settled(BlockStamp block);
}
