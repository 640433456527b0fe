namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// The same question for logs, asked until nothing is left out any more: a node may leave logs out, but has none that are
/// not there.
/// </summary>
internal sealed class RepeatedReading
{
    // After so many readings what was found in any of them counts.
    private const int MostReadings = 8;

    private int _readings;
    private int _whole;
    private Bytes32 _last;

    /// <summary>Whether there was no reading yet.</summary>
    public bool IsEmpty => _readings == 0;

    /// <summary>Whether the readings were not all the same.</summary>
    public bool Differs => _whole < _readings;

    /// <summary>What was found in any of them, in order.</summary>
    public List<FoundLog> Logs { get; private set; } = [];

    /// <summary>
    /// Whether a reading is of another branch than those before, by the range's last block: then all of it is read anew.
    /// </summary>
    public bool IsReplaced(Bytes32 last) => _readings > 0 && last != _last;

    /// <summary>Adds a reading; whether there were two by now that had all of it.</summary>
    /// <param name="logs">The logs that it has.</param>
    /// <param name="last">The range's last block.</param>
    public bool Add(List<FoundLog> logs, Bytes32 last)
    {
        _last = last;
        var all = FoundLog.InOrder([.. Logs, .. logs]);
        _whole = all.Count > Logs.Count ? 0 : _whole;
        _whole += all.Count == logs.Count ? 1 : 0;
        _readings++;
        Logs = all;
        return _whole > 1 || _readings >= MostReadings;
    }
}
