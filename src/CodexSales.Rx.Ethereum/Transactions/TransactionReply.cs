using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What became of a transaction that was wanted.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Receipt">Its receipt, when it landed.</param>
/// <param name="Error">What the contract said, when it refused.</param>
/// <param name="HasJoined">Whether an earlier transaction for the same purpose was waited for in its place.</param>
internal sealed record TransactionReply(
    TransactionOutcome Outcome,
    TransactionReceipt? Receipt = null,
    ContractError? Error = null,
    bool HasJoined = false)
{
    public static TransactionReply NotSent(string detail) => new(new TransactionNotSent(detail));

    public static TransactionReply InDoubt(string detail) => new(new TransactionInDoubt(detail));

    // The contract's answer to what would land then.
    public static TransactionReply TooLate(TransactionPurpose purpose) => new(new TransactionRefused(
        MarketRefusal.InvalidProof,
        $"{purpose} was not sent: the next block is of another period than its proof, or has another challenge."));

    public static TransactionReply Refused(TransactionPurpose purpose, ContractError error) => new(
        new TransactionRefused(error.Refusal, $"{purpose} was not sent: it would revert with {error.Text}."),
        Error: error);
}
