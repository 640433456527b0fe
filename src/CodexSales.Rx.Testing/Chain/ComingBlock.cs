namespace CodexSales.Rx.Testing.Chain;

internal sealed class ComingBlock
{
    /// <summary>Holds nothing, and is never added to.</summary>
    public static readonly ComingBlock Empty = new();

    public List<PendingTransaction> Transactions { get; } = [];

    /// <summary>Transactions of earlier blocks whose outcomes are told now, if they are still in that block.</summary>
    public List<(PendingTransaction Transaction, ulong Block)> Confirmed { get; } = [];
}
