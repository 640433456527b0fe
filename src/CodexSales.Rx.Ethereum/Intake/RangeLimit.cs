namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// How many blocks one endpoint is asked for at once: learnt from what it refuses, and tried again with more.
/// </summary>
/// <remarks>
/// Doubles with each answer until the first refusal. From then on it grows by a sixteenth after every sixteenth answer,
/// so that few questions are spent on a limit that stands, and never beyond one that the provider named.
/// </remarks>
internal sealed class RangeLimit(ulong most)
{
    private const ulong First = 2_000;
    private const int Patience = 16;

    private ulong _most = most;
    private bool _wasRefused;
    private int _answers;

    /// <summary>How many blocks to ask for next; at least 1.</summary>
    public ulong Blocks { get; private set; } = Math.Min(First, most);

    /// <summary>So many blocks were answered.</summary>
    public void Answered(ulong blocks)
    {
        // What the end of the chain or of a split cut short shows nothing.
        if (blocks >= Blocks && (!_wasRefused || ++_answers % Patience == 0))
        {
            Blocks = Math.Min(_most, Blocks + (_wasRefused ? Math.Max(1, Blocks / 16) : Blocks));
        }
    }

    /// <summary>More were refused.</summary>
    /// <param name="blocks">How many to ask for next.</param>
    /// <param name="isLimit">Whether more are never answered.</param>
    public void Refused(ulong blocks, bool isLimit)
    {
        (_wasRefused, _answers) = (true, 0);
        _most = isLimit ? Math.Min(_most, blocks) : _most;
        Blocks = Math.Min(Blocks, blocks);
    }
}
