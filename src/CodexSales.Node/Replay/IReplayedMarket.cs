namespace CodexSales.Node.Replay;

/// <summary>A market on which a record happens once more.</summary>
internal interface IReplayedMarket : IDisposable
{
    IMarket Market { get; }

    /// <summary>Lets the next recorded block happen. The clock stands at its time.</summary>
    void Happen(RecordedBlock block);
}
