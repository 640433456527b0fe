using System.Text;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>Tells what a replay does. Lines are kept while the pipeline works: an output that fails must not end it.</summary>
internal abstract class ReplayReport(TextWriter output)
{
    // Written in pieces of about this length, and not for each block.
    private const int PieceLength = 32 * 1024;

    private readonly StringBuilder _lines = new(2 * PieceLength);

    public abstract void QueueChanged(BlockStamp at, int count, ChangeSet<OpenSlot, SlotKey, QueueCause> changes);

    public abstract void SaleStepped(BlockStamp at, SaleStep step);

    public abstract void Refused(BlockStamp at, Refusal refusal);

    public abstract void Ended(ReplaySummary summary);

    /// <summary>Writes what was told, once that is a piece.</summary>
    public void Flush()
    {
        if (_lines.Length >= PieceLength)
        {
            WriteOut();
        }
    }

    public void WriteOut()
    {
        output.Write(_lines);
        output.Flush();
        _lines.Clear();
    }

    protected void Line(string line) => _lines.Append(line).Append('\n');
}
