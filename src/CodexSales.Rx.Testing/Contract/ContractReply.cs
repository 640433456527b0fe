namespace CodexSales.Rx.Testing.Contract;

/// <summary>The outcome of a transaction, and its events.</summary>
internal readonly record struct ContractReply(TransactionOutcome Outcome, IReadOnlyList<MarketEvent> Events)
{
    public static ContractReply Landed(BlockStamp at, params IReadOnlyList<MarketEvent> events) =>
        new(new TransactionLanded(at), events);

    public static ContractReply Refused(MarketRefusal reason, string detail) =>
        new(new TransactionRefused(reason, detail), []);
}
