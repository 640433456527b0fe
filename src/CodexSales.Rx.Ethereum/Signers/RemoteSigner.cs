using System.Text.Json;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>A program of its own that keeps the key and signs over JSON-RPC: web3signer or clef.</summary>
/// <remarks>
/// No key comes into this process. What comes back is read, and is only used when it is the very transaction that was
/// to be signed, by the account's key. Source: web3signer's and clef's documentation of their JSON-RPC methods.
/// </remarks>
/// <param name="transport">How the signer is asked; give it time where a person has to agree.</param>
/// <param name="account">The account.</param>
/// <param name="protocol">What the signer calls its methods.</param>
public sealed class RemoteSigner(
    IRpcTransport transport, Address account, RemoteSignerProtocol protocol = RemoteSignerProtocol.Ethereum) : ISigner
{
    private static readonly RpcRequest _clefAccounts = new("account_list", "[]"u8.ToArray());

    /// <inheritdoc/>
    public Address Account => account;

    private bool IsClef => protocol == RemoteSignerProtocol.Clef;

    /// <inheritdoc/>
    public async Task<string?> FindFaultAsync(CancellationToken cancellation)
    {
        var question = IsClef ? _clefAccounts : NodeQuestions.Accounts;
        return await transport.AskAsync(question, cancellation).ConfigureAwait(false) switch
        {
            RpcResult result when NodeAnswers.ReadAddresses(result) is { } accounts => accounts.Contains(account)
                ? null
                : $"The signer does not sign for {account}.",
            RpcError error => $"The signer does not say which accounts it signs for: \"{error.Message}\".",
            RpcNoAnswer none => $"The signer does not say which accounts it signs for: {none.Detail}",
            _ => "The signer does not say which accounts it signs for: its answer is no list of addresses.",
        };
    }

    /// <inheritdoc/>
    public async Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var question = NodeQuestions.Transact(
            IsClef ? "account_signTransaction" : "eth_signTransaction", account, transaction);
        return await transport.AskAsync(question, cancellation).ConfigureAwait(false) switch
        {
            RpcResult result => Check(transaction, result),
            RpcError error => new NotSigned(
                $"The signer refuses: \"{error.Message}\" ({error.Code}).", TransientErrors.IsPassing(error)),
            RpcNoAnswer none => new NotSigned($"The signer does not answer: {none.Detail}", IsPassing: true),
            _ => new NotSigned("The signer does not answer.", IsPassing: true),
        };
    }

    private SigningReply Check(UnsignedTransaction transaction, RpcResult result)
    {
        if (ReadRaw(result) is not { } raw)
        {
            return new NotSigned("The signer's answer has no signed transaction.", IsPassing: false);
        }

        var signed = new SignedTransaction([.. raw]);
        if (!signed.TryGetUnsigned(out var unsigned))
        {
            return new NotSigned("The signer's answer is no transaction that can be read.", IsPassing: false);
        }

        return unsigned.ChainId != transaction.ChainId
            ? new NotSigned(
                $"The signer signs for chain {unsigned.ChainId}, not for chain {transaction.ChainId}.",
                IsPassing: false)
            : !unsigned.Encode().AsSpan().SequenceEqual(transaction.Encode())
                ? new NotSigned("The signer signed another transaction than it was given.", IsPassing: false)
            : !signed.TryGetSender(out var sender)
                ? new NotSigned("The signer's answer has a signature that no chain takes.", IsPassing: false)
            : sender != account
                ? new NotSigned($"The signer signed with the key of {sender}, not of {account}.", IsPassing: false)
            : new Signed(signed);
    }

    // web3signer answers with the bytes; clef, and nodes that sign, with an object that has them as "raw".
    private static byte[]? ReadRaw(RpcResult result)
    {
        using var document = JsonDocument.Parse(result.Json);
        var answer = document.RootElement;
        var text = answer.ValueKind switch
        {
            JsonValueKind.String => answer.GetString(),
            JsonValueKind.Object => NodeAnswers.ReadText(answer, "raw"),
            _ => null,
        };
        return text is null ? null : NodeAnswers.ReadBytes(text);
    }
}
