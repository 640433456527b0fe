namespace CodexSales.Rx.Ethereum.StartUp;

/// <summary>What can be wrong with a host's set-up.</summary>
public enum ChainFaultKind
{
    /// <summary>The node does not answer, or not to this question. It may later.</summary>
    Unavailable,

    /// <summary>The node is of another chain.</summary>
    WrongChain,

    /// <summary>There is no contract at the address.</summary>
    NoContract,

    /// <summary>The contract at the address is no Marketplace.</summary>
    AnotherContract,

    /// <summary>The signer does not sign for the account.</summary>
    WrongSigner,

    /// <summary>The account has no ether to pay for gas.</summary>
    NoEther,

    /// <summary>The account has no tokens for collateral.</summary>
    NoTokens,
}
