using CodexSales.Rx.Domain;

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

    /// <summary>Adds a reading; whether there were two by now that had all of it. One of another branch begins anew.</summary>
    /// <param name="logs">The logs that it has.</param>
    /// <param name="last">The range's last block, by which its branch is known.</param>
    public bool Add(List<FoundLog> logs, Bytes32 last)
    {
        if (last != _last)
        {
            (Logs, _readings, _whole, _last) = ([], 0, 0, last);
        }

        var all = FoundLog.InOrder([.. Logs, .. logs]);
        _whole = all.Count > Logs.Count ? 0 : _whole;
        _whole += all.Count == logs.Count ? 1 : 0;
        _readings++;
        Logs = all;
        return _whole > 1 || _readings >= MostReadings;
    }
}
