namespace CodexSales.Rx.Ethereum.Store;

/// <summary>What a host sends transactions for. The numbers are kept in journals: they never change.</summary>
public enum TransactionKind
{
    /// <summary>Allows the marketplace to take collateral. Token function <c>approve</c>.</summary>
    Approve = 0,

    /// <summary>Reserves a slot. Contract function <c>reserveSlot</c>.</summary>
    ReserveSlot = 1,

    /// <summary>Fills a slot. Contract function <c>fillSlot</c>.</summary>
    FillSlot = 2,

    /// <summary>Proves a slot. Contract function <c>submitProof</c>.</summary>
    SubmitProof = 3,

    /// <summary>Gives a slot back for its payout. Contract function <c>freeSlot</c>.</summary>
    FreeSlot = 4,

    /// <summary>Uses up a nonce below others that nothing uses: sends nothing to the account itself.</summary>
    FillNonce = 5,
}
