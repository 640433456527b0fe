using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.StartUp;

/// <summary>Checks, before anything is sold, that chain, contract, signer and account fit together.</summary>
/// <param name="transport">How the node is asked.</param>
/// <param name="marketplace">Where the contract should be.</param>
/// <param name="signer">Signs for the host's account.</param>
/// <param name="chainId">The chain that is meant; null to take the node's.</param>
/// <param name="account">The account that is meant; null to take the signer's.</param>
public sealed class ChainCheck(
    IRpcTransport transport, Address marketplace, ISigner signer, ulong? chainId = null, Address? account = null)
{
    private readonly MarketplaceCalls _calls = new(transport, marketplace, signer.Account);
    private readonly ContractCaller _caller = new(transport);

    /// <summary>The chain that the node is of. Source: <c>eth_chainId</c>.</summary>
    /// <exception cref="MarketUnavailableException">The node does not say.</exception>
    public static async Task<ulong> GetChainIdAsync(
        IRpcTransport transport, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var reply = await transport.AskAsync(NodeQuestions.ChainId, cancellationToken).ConfigureAwait(false);
        return reply is RpcResult result && NodeAnswers.ReadNumber(result) is { } id
            ? id
            : throw new MarketUnavailableException($"The node does not say of which chain it is: {Said(reply)}");
    }

    /// <summary>The first fault, or null. Some ten questions, one after another: each builds on the last.</summary>
    /// <remarks>Missing ether or tokens may be mended while the host runs.</remarks>
    public async Task<ChainFault?> FindFaultAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return FindWrongAccount()
                ?? await FindWrongChainAsync(cancellationToken).ConfigureAwait(false)
                ?? await FindWrongContractAsync(cancellationToken).ConfigureAwait(false)
                ?? await FindWrongSignerAsync(cancellationToken).ConfigureAwait(false)
                ?? await FindEmptyWalletAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (MarketUnavailableException unavailable)
        {
            return new ChainFault(ChainFaultKind.Unavailable, unavailable.Message);
        }
    }

    private ChainFault? FindWrongAccount() => account is { } meant && meant != signer.Account
        ? new ChainFault(ChainFaultKind.WrongSigner, $"The key is that of {signer.Account}, not of {meant}.")
        : null;

    private async Task<ChainFault?> FindWrongChainAsync(CancellationToken cancellationToken)
    {
        var id = await GetChainIdAsync(transport, cancellationToken).ConfigureAwait(false);
        return chainId is { } meant && meant != id
            ? new ChainFault(ChainFaultKind.WrongChain, $"The node is of chain {id}, not of chain {meant}.")
            : null;
    }

    private async Task<ChainFault?> FindWrongContractAsync(CancellationToken cancellationToken)
    {
        var reply = await transport.AskAsync(NodeQuestions.GetCode(marketplace), cancellationToken)
            .ConfigureAwait(false);
        if (reply is not RpcResult result || NodeAnswers.ReadBytes(result) is not { } code)
        {
            throw new MarketUnavailableException($"The node does not show the code of {marketplace}: {Said(reply)}");
        }

        if (code.Length == 0)
        {
            return new ChainFault(ChainFaultKind.NoContract, $"There is no contract at {marketplace}.");
        }

        return await FindOtherInterfaceAsync(cancellationToken).ConfigureAwait(false) is { } other
            ? new ChainFault(
                ChainFaultKind.AnotherContract, $"The contract at {marketplace} is no Marketplace: {other}")
            : null;
    }

    // A wrong answer is a fault of the set-up; a missing one is an exception, since it may come later.
    private async Task<string?> FindOtherInterfaceAsync(CancellationToken cancellationToken)
    {
        var calls = new[] { MarketplaceFunctions.Configuration, MarketplaceFunctions.Token }
            .Select(one => new ContractCall(signer.Account, marketplace, one, CallData.Of(one)))
            .ToList();
        var answers = await _caller.AskAsync(calls, null, cancellationToken).ConfigureAwait(false);
        try
        {
            ContractCaller.Read(calls[0], answers[0], ReturnValues.Configuration);
            ContractCaller.Read(calls[1], answers[1], ReturnValues.Address);
            return null;
        }
        catch (MarketUnavailableException wrong)
        {
            return wrong.Message;
        }
    }

    private async Task<ChainFault?> FindWrongSignerAsync(CancellationToken cancellationToken) =>
        await signer.FindFaultAsync(cancellationToken).ConfigureAwait(false) is { } fault
            ? new ChainFault(ChainFaultKind.WrongSigner, fault)
            : null;

    private async Task<ChainFault?> FindEmptyWalletAsync(CancellationToken cancellationToken)
    {
        var reply = await transport.AskAsync(NodeQuestions.GetBalance(signer.Account), cancellationToken)
            .ConfigureAwait(false);
        if (reply is not RpcResult result || NodeAnswers.ReadAmount(result) is not { } wei)
        {
            throw new MarketUnavailableException($"The node does not say what {signer.Account} has: {Said(reply)}");
        }

        if (wei == 0)
        {
            return new ChainFault(ChainFaultKind.NoEther, $"The account {signer.Account} has no ether to pay for gas.");
        }

        var token = await _calls.GetTokenAsync(cancellationToken).ConfigureAwait(false);
        return await _calls.GetBalanceAsync(token, null, cancellationToken).ConfigureAwait(false) == 0
            ? new ChainFault(
                ChainFaultKind.NoTokens, $"The account {signer.Account} has no tokens of {token} for collateral.")
            : null;
    }

    private static string Said(RpcReply reply) => reply switch
    {
        RpcError error => $"it says \"{error.Message}\" ({error.Code}).",
        RpcNoAnswer none => none.Detail,
        _ => "its answer can't be read.",
    };
}
