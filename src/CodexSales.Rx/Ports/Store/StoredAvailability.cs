namespace CodexSales.Rx.Ports.Store;

/// <summary>An availability as it is remembered.</summary>
/// <param name="Availability">The availability.</param>
/// <param name="IsDraining">Whether it is removed as soon as its last sale has ended.</param>
public sealed record StoredAvailability(Availability Availability, bool IsDraining = false);
