using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting.Alerts.Delivery;

/// <summary>What the log is told of alerts. Event ids stay what they are: 60 to 79.</summary>
internal static partial class AlertLog
{
    /// <summary>An alert that has begun or is over.</summary>
    public static void Tell(ILogger logger, Alert alert)
    {
        if (alert.Until is { } until)
        {
            Over(logger, alert.Id, alert.Kind, alert.Subject, until - alert.Since, alert.Count);
            return;
        }

        var level = alert.Severity switch
        {
            AlertSeverity.Critical => LogLevel.Error,
            AlertSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        Begun(logger, level, alert.Id, alert.Kind, alert.Sentence);
    }

    [LoggerMessage(EventId = 60, Message = "Alert {Id}, {Kind}: {Sentence}")]
    public static partial void Begun(ILogger logger, LogLevel level, long id, AlertKind kind, string sentence);

    [LoggerMessage(61, LogLevel.Information, "Alert {Id}, {Kind}, is over: it lasted {Span}, and happened {Count} times. {Subject}")]
    public static partial void Over(ILogger logger, long id, AlertKind kind, string subject, TimeSpan span, int count);

    [LoggerMessage(62, LogLevel.Warning, "Alerts don't reach {Receiver}: {Why} They wait for it.")]
    public static partial void ReceiverFails(ILogger logger, string receiver, string why);

    [LoggerMessage(63, LogLevel.Information, "Alerts reach {Receiver} again.")]
    public static partial void ReceiverIsBack(ILogger logger, string receiver);

    [LoggerMessage(64, LogLevel.Error, "An alert to {Receiver} is given up, because too many wait for it. It was {Kind}: {Sentence}")]
    public static partial void Lost(ILogger logger, string receiver, AlertKind kind, string sentence);

    [LoggerMessage(65, LogLevel.Error, "The file of alerts '{Path}' can't be read, and what waited in it is not sent: {Why}")]
    public static partial void FileDamaged(ILogger logger, string path, string why);

    [LoggerMessage(66, LogLevel.Warning, "The file of alerts '{Path}' can't be written, and a restart forgets what waits: {Why}")]
    public static partial void FileUnwritable(ILogger logger, string path, string why);

    [LoggerMessage(67, LogLevel.Warning, "{Count} messages that waited for {Receiver} are not sent: it is no receiver of alerts any more.")]
    public static partial void ReceiverIsGone(ILogger logger, string receiver, int count);
}
