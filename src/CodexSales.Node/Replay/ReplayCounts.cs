using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Node.Replay;

/// <summary>What was read from the recorded files so far.</summary>
internal sealed class ReplayCounts
{
    /// <summary>
    /// So many undecodable logs are kept; more are only counted, so that a hostile file cannot fill the memory.
    /// </summary>
    public const int MostUndecodableKept = 1000;

    private static readonly string[] _eventNames =
    [
        nameof(ProofSubmitted), nameof(RequestCancelled), nameof(RequestFailed), nameof(RequestFulfilled),
        nameof(SlotFilled), nameof(SlotFreed), nameof(SlotReservationsFull), nameof(StorageRequested),
    ];

    private readonly SortedDictionary<string, long> _events =
        new(_eventNames.ToDictionary(name => name, _ => 0L), StringComparer.Ordinal);

    private readonly List<DecodedLog> _undecodable = [];

    /// <summary>How many blocks there were.</summary>
    public long Blocks { get; private set; }

    /// <summary>How many events of each of the eight names there were, in the order of the names.</summary>
    public IReadOnlyDictionary<string, long> Events => _events;

    /// <summary>How many logs other contracts wrote.</summary>
    public long LogsOfOtherContracts { get; private set; }

    /// <summary>How many logs of the Marketplace could not be decoded.</summary>
    public long UndecodableLogs { get; private set; }

    /// <summary>
    /// The first of them, at most <see cref="MostUndecodableKept"/>: each with block, log index and reason.
    /// </summary>
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
