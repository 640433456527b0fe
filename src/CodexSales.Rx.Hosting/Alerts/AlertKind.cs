namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>What an alert is about. The names are told to receivers, and stay what they are.</summary>
public enum AlertKind
{
    /// <summary>A hosted slot went a period without the proof that it wanted. Subject: the slot.</summary>
    ProofMissed = 0,

    /// <summary>Proofs take nearly as long as a period leaves for them, or can't be made in time for more slots.</summary>
    ProofInDanger,

    /// <summary>The contract paid for a slot, but kept some of its collateral. Subject: the slot.</summary>
    CollateralSlashed,

    /// <summary>A hosted slot was taken away, or its request failed, and its collateral is lost. Subject: the slot.</summary>
    SlotLost,

    /// <summary>The ether of the account lasts only for some days, as fees of the last day go.</summary>
    EtherLow,

    /// <summary>The tokens of the account last only for some days, as collateral of the last day goes.</summary>
    TokensLow,

    /// <summary>Most of the limit on fees of 24 hours is spent.</summary>
    FeeLimitNear,

    /// <summary>A transaction has been in flight for long. Subject: what it is for.</summary>
    TransactionStuck,

    /// <summary>No new block comes.</summary>
    BlocksStopped,

    /// <summary>A node can't be reached, or is of no use. Subject: its name, without secrets.</summary>
    EndpointDown,

    /// <summary>Asking the market or sending transactions fails again and again. Subject: the port.</summary>
    MarketFailing,

    /// <summary>Storing or proving fails again and again, by a hook or otherwise. Subject: the port.</summary>
    HookFailing,

    /// <summary>Little of a disk is free. Subject: the folder.</summary>
    DiskLow,

    /// <summary>The store can't be written, or was damaged and begun anew.</summary>
    StoreTrouble,

    /// <summary>The store was written by a newer program: this one can't use it.</summary>
    StoreIsNewer,

    /// <summary>Nothing was sold for hours, although slots were open.</summary>
    NothingSold,

    /// <summary>Nothing can be sold at all: the chain was not found, or the pipeline has ended.</summary>
    NotSelling,

    /// <summary>Some alerts are not told, because too many came at once. Subject: the receiver, or none.</summary>
    AlertsLost,

    /// <summary>No alert: somebody tries whether alerts arrive.</summary>
    Test,
}
