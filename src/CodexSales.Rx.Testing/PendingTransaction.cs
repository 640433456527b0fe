using CodexSales.Rx.Market;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Testing;

/// <summary>A transaction that was sent and is in no block yet.</summary>
internal sealed class PendingTransaction(Func<BlockStamp, ContractReply> execute)
{
    // Continuations run inline: on the scheduler, when the block that holds the transaction lands.
    private readonly TaskCompletionSource<TransactionOutcome> _outcome = new();
    private TransactionOutcome? _landed;

    public Task<TransactionOutcome> Outcome => _outcome.Task;

    public IReadOnlyList<MarketEvent> Execute(BlockStamp at)
    {
        (_landed, var events) = execute(at);
        return events;
    }

    public void Complete() => _outcome.SetResult(_landed!);
}
