using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Is told what an intake finds, in order, on its scheduler.</summary>
internal interface IIntakeListener
{
    /// <summary>An event happened, or was taken back.</summary>
    void Tell(MarketEvent happened);

    /// <summary>A block is the next one whose events are told, or is known to be the node's newest one.</summary>
    void Reached(BlockStamp block);

    /// <summary>The events of all blocks above were taken back.</summary>
    void Rewound(ulong number);
}
