namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>What a rule has seen and holds now: an alert, as long as it is seen.</summary>
internal sealed record Sign(AlertKind Kind, AlertSeverity Severity, string Subject, string Sentence);
