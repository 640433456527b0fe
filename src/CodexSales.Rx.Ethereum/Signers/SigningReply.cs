namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>What a signer answers. The hierarchy is closed: the cases are those in this file.</summary>
public abstract record SigningReply
{
    private protected SigningReply()
    {
    }
}

/// <summary>The transaction, signed.</summary>
/// <param name="Transaction">Ready to be sent.</param>
public sealed record Signed(SignedTransaction Transaction) : SigningReply;

/// <summary>The node signs the transaction when it sends it: <c>eth_sendTransaction</c>.</summary>
public sealed record SignedByNode : SigningReply;

/// <summary>It was not signed.</summary>
/// <param name="Detail">Why, in one sentence. Says nothing secret.</param>
/// <param name="IsPassing">Whether the same question may be answered a little later.</param>
public sealed record NotSigned(string Detail, bool IsPassing) : SigningReply;
