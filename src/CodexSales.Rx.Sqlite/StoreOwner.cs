namespace CodexSales.Rx.Sqlite;

/// <summary>The owner of a store's sales. Another one's sales would look as if the chain had forgotten them.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Marketplace">The contract.</param>
/// <param name="Account">Who sells.</param>
public sealed record StoreOwner(ulong ChainId, Address Marketplace, Address Account)
{
    /// <summary>As it stands in a sentence: "account 0x… on contract 0x… of chain 1".</summary>
    public override string ToString() => $"account {Account} on contract {Marketplace} of chain {ChainId}";
}
