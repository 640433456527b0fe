namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Something that the operator should know of, and may have to act on. Immutable.</summary>
/// <param name="Id">Its number, from 1; another time that the same happens has another one, also after a restart.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Severity">How soon somebody has to look at it.</param>
/// <param name="Subject">Which slot, node, folder or transaction; empty where there is only one.</param>
/// <param name="Sentence">What happened, as it was told last.</param>
/// <param name="Since">When it began, on the host's clock.</param>
/// <param name="Until">When it was over; null while it is active.</param>
/// <param name="Count">How often it happened since; at least 1.</param>
/// <param name="IsDismissed">Whether it is over because somebody dismissed it.</param>
public sealed record Alert(
    long Id,
    AlertKind Kind,
    AlertSeverity Severity,
    string Subject,
    string Sentence,
    DateTimeOffset Since,
    DateTimeOffset? Until,
    int Count,
    bool IsDismissed);
