using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodexSales.Node.Run;

/// <summary>The log of the host as lines of the program: what those that follow the sales themselves do not tell.</summary>
internal sealed class RunLog(RunLines lines) : ILoggerProvider
{
    // An error that keeps it from its start is thrown, and said at the end.
    private const string Starting = "Microsoft.Extensions.Hosting";
    private const string Ours = "CodexSales";

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Starting, StringComparison.Ordinal) ? NullLogger.Instance
        : categoryName.StartsWith(Ours, StringComparison.Ordinal) ? new HostLog(lines)
        : new OtherLog(lines);

    public void Dispose()
    {
    }

    private static string Join(string told, Exception? exception) => OptionNames.Translate(exception is null ? told : $"{told} {exception.Message}");

    private abstract class LineLog : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Say(eventId.Id, Join(formatter(state, exception), exception));

        protected abstract void Say(int id, string sentence);
    }

    /// <summary>What the host tells, by the ids of its events.</summary>
    private sealed class HostLog(RunLines lines) : LineLog
    {
        private const int Stopping = 11;

        private static readonly Dictionary<int, string> _subjects = new()
        {
            [2] = "trouble", [4] = "stop", [6] = "options", [7] = "options", [9] = "stop", [10] = "health", [Stopping] = "stop", [12] = "stop", [13] = "disk",
            [14] = "hook", [15] = "hook", [40] = "chain", [41] = "account", [43] = "start", [44] = "chain", [45] = "node", [46] = "signer",
            [60] = "alert", [61] = "alert", [62] = "alert", [63] = "alert", [64] = "alert", [65] = "alert", [66] = "alert", [67] = "alert",
        };

        // What the program says at its end, and of options by their names, and what is told of each sale and transaction.
        private static readonly HashSet<int> _toldElsewhere = [1, 3, 5, 16, 20, 21, 22, 23, 25, 26, 27, 42];

        protected override void Say(int id, string sentence)
        {
            if (!_toldElsewhere.Contains(id))
            {
                lines.Say(
                    _subjects.GetValueOrDefault(id, "host"),
                    id == Stopping ? $"{sentence.TrimEnd('.')}; interrupt again to stop at once." : sentence);
            }
        }
    }

    /// <summary>What goes wrong beside it.</summary>
    private sealed class OtherLog(RunLines lines) : LineLog
    {
        protected override void Say(int id, string sentence) => lines.Say("web", sentence);
    }
}
