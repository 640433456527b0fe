using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

/// <summary>Data comes, but too slowly. That is its client's doing, and says nothing against the host's storage.</summary>
internal sealed class TooSlowException(string message) : DeadlineException(message);
