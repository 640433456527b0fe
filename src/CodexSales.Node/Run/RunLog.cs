using Microsoft.Extensions.Logging;

namespace CodexSales.Node.Run;

/// <summary>The log of the host as lines of the program: what those that follow the sales themselves do not tell.</summary>
internal sealed class RunLog(RunLines lines) : ILoggerProvider, ILogger
{
    private const int Restarting = 2;
    private const int Stopping = 11;

    private static readonly Dictionary<int, string> _subjects = new()
    {
        [Restarting] = "trouble", [4] = "stop", [9] = "stop", [10] = "health", [Stopping] = "stop", [12] = "stop", [13] = "disk",
        [14] = "hook", [15] = "hook", [40] = "chain", [41] = "account", [43] = "start", [44] = "chain", [45] = "node", [46] = "signer",
    };

    // What the program says at its end, and what is told of each sale and transaction.
    private static readonly HashSet<int> _toldElsewhere = [1, 3, 5, 20, 21, 22, 23, 25, 26, 27, 42];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!_toldElsewhere.Contains(eventId.Id))
        {
            lines.Say(_subjects.GetValueOrDefault(eventId.Id, "host"), Sentence(eventId.Id, formatter(state, exception), exception));
        }
    }

    public void Dispose()
    {
    }

    private static string Sentence(int id, string told, Exception? exception) => id switch
    {
        Stopping => $"{told.TrimEnd('.')}; interrupt again to stop at once.",
        _ when exception is not null => $"{OptionNames.Translate(told)} {OptionNames.Translate(exception.Message)}",
        _ => OptionNames.Translate(told),
    };
}
