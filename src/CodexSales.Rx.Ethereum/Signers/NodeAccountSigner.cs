namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>An account whose key the node keeps: the node signs when it sends.</summary>
/// <remarks>
/// For development nodes. When the answer to <c>eth_sendTransaction</c> is lost, so is the transaction's hash, and it
/// can only be found by its nonce.
/// </remarks>
/// <param name="transport">How the node is asked.</param>
/// <param name="account">The account.</param>
public sealed class NodeAccountSigner(IRpcTransport transport, Address account) : ISigner
{
    private static readonly SignedByNode _byNode = new();

    /// <inheritdoc/>
    public Address Account => account;

    /// <inheritdoc/>
    public Task<string?> FindFaultAsync(CancellationToken cancellationToken = default) => RemoteSigner.FindFaultAsync(
        transport,
        NodeQuestions.Accounts,
        account,
        "node",
        $"The node does not keep the key of {account}: give a key file or a signer.",
        cancellationToken);

    /// <inheritdoc/>
    public Task<SigningReply> SignAsync(
        UnsignedTransaction transaction, CancellationToken cancellationToken = default) =>
        Task.FromResult<SigningReply>(_byNode);
}
