using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Node.Replay;

/// <summary>Counts of what was read from the recorded files so far.</summary>
internal sealed class ReplayCounts
{
    // More are only counted, so that a hostile file can't fill the memory.
    private const int MostUndecodableKept = 1000;

    private static readonly string[] _eventNames =
    [
        nameof(ProofSubmitted), nameof(RequestCancelled), nameof(RequestFailed), nameof(RequestFulfilled),
        nameof(SlotFilled), nameof(SlotFreed), nameof(SlotReservationsFull), nameof(StorageRequested),
    ];

    private readonly SortedDictionary<string, long> _events =
        new(_eventNames.ToDictionary(name => name, _ => 0L), StringComparer.Ordinal);

    private readonly List<DecodedLog> _undecodable = [];

    public long Blocks { get; private set; }

    /// <summary>The events of each of the eight names, in the order of the names.</summary>
    public IReadOnlyDictionary<string, long> Events => _events;

    public long LogsOfOtherContracts { get; private set; }

    public long UndecodableLogs { get; private set; }

    /// <summary>The first 1000 of them.</summary>
    public IReadOnlyList<DecodedLog> FirstUndecodableLogs => _undecodable;

    public void AddBlock() => Blocks++;

    public void AddLogOfAnotherContract() => LogsOfOtherContracts++;

    public void Add(DecodedLog log)
    {
        if (log.TryGetEvent(out var happened))
        {
            _events[happened.GetType().Name]++;
        }
        else if (log.Kind == DecodedLogKind.OfAnotherContract)
        {
            AddLogOfAnotherContract();
        }
        else
        {
            UndecodableLogs++;
            if (_undecodable.Count < MostUndecodableKept)
            {
                _undecodable.Add(log);
            }
        }
    }
}
