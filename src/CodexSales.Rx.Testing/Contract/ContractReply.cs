namespace CodexSales.Rx.Testing.Contract;

internal readonly record struct ContractReply(TransactionOutcome Outcome, IReadOnlyList<MarketEvent> Events)
{
    public static ContractReply Landed(BlockStamp at, params IReadOnlyList<MarketEvent> events) =>
        new(new TransactionLanded(at), events);

    public static ContractReply Refused(MarketRefusal reason, string detail) =>
        new(new TransactionRefused(reason, detail), []);
}
