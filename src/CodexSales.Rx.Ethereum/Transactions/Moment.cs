namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The newest block and the time (since the manager was made) when something was so first. Both count, since a
/// block takes a quarter of a second on one chain and twelve seconds on another.</summary>
internal readonly record struct Moment(ulong Block, TimeSpan At)
{
    /// <summary>Whether so many blocks and so much time have passed since another moment.</summary>
    public bool IsPast(Moment since, int blocks, TimeSpan span) =>
        Block >= since.Block + (ulong)blocks && At >= since.At + span;
}
