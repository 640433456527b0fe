using System.Text.RegularExpressions;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a node says to a transaction that it was sent. Each kind of node has its own words.</summary>
/// <remarks>
/// The codes say nothing: geth answers -32000 to all of it, anvil -32003, Nethermind -32010.
/// </remarks>
internal static partial class PoolAnswer
{
    public static PoolVerdict Of(RpcReply reply) => reply switch
    {
        RpcResult => PoolVerdict.Accepted,
        RpcNoAnswer none => none.MayHaveArrived ? PoolVerdict.Unknown : PoolVerdict.NotSent,
        RpcError error => Of(error),
        _ => PoolVerdict.Unknown,
    };

    private static PoolVerdict Of(RpcError error) =>
        AlreadyKnown().IsMatch(error.Message) ? PoolVerdict.AlreadyKnown
        : NonceTooLow().IsMatch(error.Message) ? PoolVerdict.NonceTooLow
        : ReplacementTooCheap().IsMatch(error.Message) ? PoolVerdict.ReplacementTooCheap
        : TooCheap().IsMatch(error.Message) ? PoolVerdict.TooCheap
        : NonceTooHigh().IsMatch(error.Message) ? PoolVerdict.NonceTooHigh
        : PoolIsFull().IsMatch(error.Message) ? PoolVerdict.PoolIsFull
        : Rejected().IsMatch(error.Message) ? PoolVerdict.Rejected
        : NodeTrouble.IsPassing(error) ? PoolVerdict.Unknown
        : PoolVerdict.Unclear;

    [GeneratedRegex(
        "already known|already imported|AlreadyKnown|known transaction|already in the (pool|mempool)|already exists",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AlreadyKnown();

    [GeneratedRegex(
        "nonce too low|nonce is too low|OldNonce|nonce has already been used|nonce is lower",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NonceTooLow();

    [GeneratedRegex(
        "replacement transaction underpriced|replacement fee too low|too low to replace|ReplacementNotAllowed"
        + "|another transaction with same nonce",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReplacementTooCheap();

    [GeneratedRegex(
        "underpriced|less than block base fee|FeeTooLow|below (the )?(block )?base fee|fee cap less than"
        + "|gas price (is )?(too low|below)|below minimum|tip cap.*too low",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TooCheap();

    [GeneratedRegex(
        "NonceGap|nonce gap|nonce too high|future nonce|nonce is too distant",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NonceTooHigh();

    [GeneratedRegex(
        "in-flight transaction limit|(tx|transaction) ?pool is full|pool full|TxPoolFull|queue is full",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PoolIsFull();

    [GeneratedRegex(
        "insufficient funds|InsufficientFunds|intrinsic gas too low|exceeds block gas limit|exceeds the configured cap"
        + "|chain ?id|invalid sender|invalid signature|failed to decode|oversized data|GasLimitExceeded"
        + "|higher than max fee|transaction type|unknown account|method not found|gas required exceeds"
        + "|does not exist|not supported|gas limit too (high|low)|exceeds (the )?maximum",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Rejected();
}
