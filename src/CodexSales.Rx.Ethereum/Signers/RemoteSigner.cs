namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>A program of its own that keeps the key and signs over JSON-RPC: web3signer or clef.</summary>
/// <remarks>
/// No key comes into this process. An answer is only used when it is the very transaction that was to be signed, by the
/// account's key. Source: web3signer's and clef's documentation of their JSON-RPC methods.
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
    public Task<string?> FindFaultAsync(CancellationToken cancellationToken = default) => FindFaultAsync(
        transport,
        IsClef ? _clefAccounts : NodeQuestions.Accounts,
        account,
        "signer",
        $"The signer does not sign for {account}.",
        cancellationToken);

    /// <inheritdoc/>
    public async Task<SigningReply> SignAsync(
        UnsignedTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var question = NodeQuestions.Transact(
            IsClef ? "account_signTransaction" : "eth_signTransaction", account, transaction);
        return await transport.AskAsync(question, cancellationToken).ConfigureAwait(false) switch
        {
            RpcResult result => Check(transaction, result),
            RpcError error => new NotSigned(
                $"The signer refuses: \"{error.Message}\" ({error.Code}).", TransientErrors.IsPassing(error)),
            RpcNoAnswer none => new NotSigned($"The signer does not answer: {none.Detail}", IsPassing: true),
            _ => new NotSigned("The signer does not answer.", IsPassing: true),
        };
    }

    // Why whoever was asked can't sign for an account, by its list of accounts; null when it can.
    internal static async Task<string?> FindFaultAsync(
        IRpcTransport transport,
        RpcRequest question,
        Address account,
        string asked,
        string fault,
        CancellationToken cancellationToken) =>
        await transport.AskAsync(question, cancellationToken).ConfigureAwait(false) switch
        {
            RpcResult result when NodeAnswers.ReadAddresses(result) is { } accounts =>
                accounts.Contains(account) ? null : fault,
            RpcError error => $"The {asked} does not say which accounts it signs for: \"{error.Message}\".",
            RpcNoAnswer none => $"The {asked} does not say which accounts it signs for: {none.Detail}",
            _ => $"The {asked} does not say which accounts it signs for: its answer is no list of addresses.",
        };

    private SigningReply Check(UnsignedTransaction transaction, RpcResult result)
    {
        if (ReadRaw(result) is not { } raw)
        {
            return new NotSigned("The signer's answer has no signed transaction.", IsPassing: false);
        }

        var signed = new SignedTransaction([.. raw]);
        var fault = !signed.TryGetUnsigned(out var unsigned) ? "The signer's answer is no transaction that can be read."
            : unsigned.ChainId != transaction.ChainId
                ? $"The signer signs for chain {unsigned.ChainId}, not for chain {transaction.ChainId}."
            : !unsigned.Encode().AsSpan().SequenceEqual(transaction.Encode())
                ? "The signer signed another transaction than it was given."
            : !signed.TryGetSender(out var sender) ? "The signer's answer has a signature that no chain takes."
            : sender != account ? $"The signer signed with the key of {sender}, not of {account}."
            : null;
        return fault is null ? new Signed(signed) : new NotSigned(fault, IsPassing: false);
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
