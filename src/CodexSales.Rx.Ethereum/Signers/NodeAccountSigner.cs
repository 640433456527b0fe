using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>An account whose key the node keeps, and that it signs for when it is told to send.</summary>
/// <remarks>
/// For development nodes: real ones dropped it. When the node's answer to <c>eth_sendTransaction</c> is lost, so is the
/// transaction's hash, and it can only be found by its nonce.
/// </remarks>
/// <param name="transport">How the node is asked.</param>
/// <param name="account">The account.</param>
public sealed class NodeAccountSigner(IRpcTransport transport, Address account) : ISigner
{
    private static readonly SignedByNode _byNode = new();

    /// <inheritdoc/>
    public Address Account => account;

    /// <inheritdoc/>
    public async Task<string?> FindFaultAsync(CancellationToken cancellation) =>
        await transport.AskAsync(NodeQuestions.Accounts, cancellation).ConfigureAwait(false) switch
        {
            RpcResult result when NodeAnswers.ReadAddresses(result) is { } accounts => accounts.Contains(account)
                ? null
                : $"The node does not keep the key of {account}: give a key file or a signer.",
            RpcError error => $"The node does not say which accounts it signs for: \"{error.Message}\".",
            RpcNoAnswer none => $"The node does not say which accounts it signs for: {none.Detail}",
            _ => "The node does not say which accounts it signs for: its answer is no list of addresses.",
        };

    /// <inheritdoc/>
    public Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellation) =>
        Task.FromResult<SigningReply>(_byNode);
}
