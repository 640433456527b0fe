using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

/// <summary>Data comes, but too slowly: by its client's doing, and no fault of the host's storage.</summary>
internal sealed class TooSlowException(string message) : DeadlineException(message);
