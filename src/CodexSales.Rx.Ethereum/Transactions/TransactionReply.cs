namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The outcome of a wanted transaction, or of an earlier one for the same purpose that it joined.</summary>
internal sealed record TransactionReply(
    TransactionOutcome Outcome,
    TransactionReceipt? Receipt = null,
    ContractError? Error = null,
    bool HasJoined = false)
{
    public string Detail => Outcome switch
    {
        TransactionRefused refused => refused.Detail,
        TransactionNotSent unsent => unsent.Detail,
        _ => "",
    };

    public static TransactionReply NotSent(string detail) => new(new TransactionNotSent(detail));


    public static TransactionReply InDoubt(string detail) => new(new TransactionInDoubt(detail));

    // The contract would refuse the proof, which would be mined too late.
    public static TransactionReply TooLate(TransactionPurpose purpose) => new(new TransactionRefused(
        MarketRefusal.InvalidProof,
        $"{purpose} was not sent: the next block is of another period than its proof, or has another challenge."));

    public static TransactionReply Refused(TransactionPurpose purpose, ContractError error) => new(
        new TransactionRefused(error.Refusal, $"{purpose} was not sent: it would revert with {error.Text}."),
        Error: error);
}
