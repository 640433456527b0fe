namespace CodexSales.Rx.Testing.Chain;

/// <summary>A transaction of a host, or of anybody else (null), whose outcome is told so many blocks after its own.</summary>
internal sealed class PendingTransaction(
    Func<BlockStamp, ContractReply> execute, Address? sender = null, ulong confirmations = 0)
{
    // Continuations run inline: on the scheduler, when the block that holds the transaction lands.
    private readonly TaskCompletionSource<TransactionOutcome> _outcome = new();
    private TransactionOutcome? _landed;

    public Task<TransactionOutcome> Outcome => _outcome.Task;

    public Address? Sender => sender;

    public ulong Confirmations => confirmations;

    public BlockStamp? Block { get; private set; }

    public IReadOnlyList<MarketEvent> Execute(BlockStamp at)
    {
        (var outcome, var events) = execute(at);
        _landed = outcome is TransactionRefused refused ? refused with { Block = at } : outcome;
        Block = at;
        return events;
    }

    /// <summary>Its block is replaced by one without it.</summary>
    public void Drop() => Block = null;

    /// <summary>Its sender is told; once, whatever happens to it afterwards.</summary>
    public void Complete() => _outcome.TrySetResult(_landed!);

    /// <summary>Its sender is told that it is gone, and that nobody knows why.</summary>
    public void CompleteInDoubt() =>
        _outcome.TrySetResult(new TransactionInDoubt("The block that held the transaction was replaced."));
}
