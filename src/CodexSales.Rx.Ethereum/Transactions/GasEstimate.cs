namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A node's estimate for a call. The hierarchy is closed: the cases are those in this file.</summary>
internal abstract record GasEstimate
{
    public static GasEstimate Of(RpcReply reply) => reply switch
    {
        RpcResult result when NodeAnswers.ReadNumber(result) is { } gas => new GasNeeded(gas),
        RpcError error when RevertData.FindError(error) is { } revert => new WouldRevert(revert),
        RpcError error => new GasUnknown(
            $"The node does not estimate the gas: \"{error.Message}\" ({error.Code}).",
            TransientErrors.IsPassing(error) || TransientErrors.IsOfTheBlock(error)
                || PoolWords.Find(error.Message)?.Verdict == PoolVerdict.NotNow),
        RpcNoAnswer none => new GasUnknown($"The node does not estimate the gas: {none.Detail}", IsPassing: true),
        _ => new GasUnknown("The node does not estimate the gas: its answer is no number.", IsPassing: true),
    };
}

internal sealed record GasNeeded(ulong Gas) : GasEstimate;

internal sealed record WouldRevert(ContractError Error) : GasEstimate;

internal sealed record GasUnknown(string Detail, bool IsPassing) : GasEstimate;
