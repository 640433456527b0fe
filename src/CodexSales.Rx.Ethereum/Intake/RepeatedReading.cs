namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Repeats a question for logs until nothing is left out: a node may omit logs, but invents none.</summary>
internal sealed class RepeatedReading
{
    // After so many readings the logs of any of them count.
    private const int MostReadings = 8;

    private int _readings;
    private int _whole;
    private Bytes32 _last;

    public bool IsEmpty => _readings == 0;

    /// <summary>Whether the readings differ.</summary>
    public bool Differs => _whole < _readings;

    /// <summary>The logs of all readings, in order.</summary>
    public List<FoundLog> Logs { get; private set; } = [];

    /// <summary>Whether a reading, by the range's last block, is of another branch: then all is read anew.</summary>
    public bool IsReplaced(Bytes32 last) => _readings > 0 && last != _last;

    /// <summary>Adds a reading and its range's last block; whether two by now had all logs.</summary>
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
