using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>
/// Remembers that a node does not take a form of question. It counts for the connection that it was learnt on, and for
/// so many questions: then it is tried again, since one odd answer may have been another back end's.
/// </summary>
/// <remarks>Threading: any thread.</remarks>
internal sealed class NotTaken(IRpcTransport transport)
{
    private const int QuestionsUntilForgotten = 100;

    private readonly Lock _gate = new();
    private int _left;
    private long _connection;

    private long Connection => transport is IRpcLink link ? link.State.Connections : 0;

    /// <summary>Whether the next question had better have another form. Counts as a question.</summary>
    public bool IsLikely()
    {
        lock (_gate)
        {
            return _left > 0 && _left-- > 0 && _connection == Connection;
        }
    }

    /// <summary>The node did not take it, and took another form.</summary>
    public void Learn()
    {
        lock (_gate)
        {
            (_left, _connection) = (QuestionsUntilForgotten, Connection);
        }
    }
}
