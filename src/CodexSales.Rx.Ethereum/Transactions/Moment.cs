namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>
/// When something was so first: by blocks and by time, since a block takes a quarter of a second on one chain and twelve
/// seconds on another.
/// </summary>
/// <param name="Block">The newest block then.</param>
/// <param name="At">The time since the manager was made.</param>
internal readonly record struct Moment(ulong Block, TimeSpan At)
{
    /// <summary>Whether so many blocks and so much time have passed since another moment.</summary>
    public bool IsPast(Moment since, int blocks, TimeSpan span) =>
        Block >= since.Block + (ulong)blocks && At >= since.At + span;
}
