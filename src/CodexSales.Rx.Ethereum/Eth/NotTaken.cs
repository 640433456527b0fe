namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>Remembers that a node does not take a form of question, for one connection and a hundred questions: then
/// the form is tried again, since one odd answer may have come from another back end.</summary>
internal sealed class NotTaken(IRpcTransport transport)
{
    private const int QuestionsUntilForgotten = 100;

    private readonly Lock _gate = new();
    private int _left;
    private long _connection;

    private long Connection => transport is IRpcLink link ? link.State.Connections : 0;

    /// <summary>Whether to choose another form for the next question. Counts as a question.</summary>
    public bool IsLikely()
    {
        lock (_gate)
        {
            return _left > 0 && _left-- > 0 && _connection == Connection;
        }
    }

    /// <summary>The node refused the form, and took another one.</summary>
    public void Learn()
    {
        lock (_gate)
        {
            (_left, _connection) = (QuestionsUntilForgotten, Connection);
        }
    }
}
