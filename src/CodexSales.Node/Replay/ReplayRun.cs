namespace CodexSales.Node.Replay;

/// <summary>Replays recorded files from the first block to the summary.</summary>
/// <param name="warnings">Gets one line for each log that could not be decoded.</param>
/// <param name="progress">Has one line that is rewritten as it goes on; null where nobody watches.</param>
internal sealed class ReplayRun(ReplayOptions options, ReplayReport report, TextWriter warnings, TextWriter? progress)
{
    private const int BlocksPerProgress = 20_000;

    private readonly RecordedChain _chain = new(options.LogsPath, options.BlocksPath, options.Marketplace);
    private int _warned;

    /// <summary>Runs it to its end. All before an early end is reported.</summary>
    public void Run(CancellationToken cancelled)
    {
        ReplaySession? session = null;
        try
        {
            foreach (var block in _chain.Read())
            {
                cancelled.ThrowIfCancellationRequested();
                session ??= new ReplaySession(options, block.Stamp, report);
                session.Replay(block);
                WarnOfUndecodable();
                TellProgress(block.Stamp);
            }

            session ??= new ReplaySession(options, default, report);
            session.RunUntilSold(cancelled);
            EndProgress();
            report.Ended(session.Summarize(_chain.Counts));
        }
        finally
        {
            EndProgress();
            report.WriteOut();
            session?.Dispose();
        }
    }

    private void WarnOfUndecodable()
    {
        var logs = _chain.Counts.FirstUndecodableLogs;
        for (; _warned < logs.Count; _warned++)
        {
            var log = logs[_warned];
            EndProgress();
            warnings.WriteLine($"Block {log.Block.Number}, log {log.LogIndex}: {log.Reason} It is skipped.");
        }
    }

    private void TellProgress(BlockStamp at)
    {
        if (_chain.Counts.Blocks % BlocksPerProgress == 0)
        {
            progress?.Write($"\r{_chain.Counts.Blocks} blocks read, up to block {at.Number} ");
        }
    }

    private void EndProgress() => progress?.Write("\r\e[K");
}
