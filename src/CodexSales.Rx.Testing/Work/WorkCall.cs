namespace CodexSales.Rx.Testing.Work;

/// <summary>One call to a <see cref="SimulatedStorage"/> or <see cref="SimulatedProver"/>.</summary>
/// <param name="Name">The method of the port.</param>
/// <param name="Slot">The slot that it is about.</param>
/// <param name="At">When it was made; for a download, when it was subscribed to.</param>
public readonly record struct WorkCall(string Name, SlotKey Slot, DateTimeOffset At);
