namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>What a remote signer calls its methods.</summary>
public enum RemoteSignerProtocol
{
    /// <summary><c>eth_accounts</c> and <c>eth_signTransaction</c>: web3signer, and nodes that sign.</summary>
    Ethereum,

    /// <summary><c>account_list</c> and <c>account_signTransaction</c>: clef.</summary>
    Clef,
}
