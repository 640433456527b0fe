namespace CodexSales.Rx.Testing.Participants;

/// <summary>The wishes of <see cref="SimulatedClients"/>.</summary>
public sealed record SimulatedClientsOptions
{
    /// <summary>Decides all there is to decide. The same seed gives the same requests at the same moments.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Requests in an hour on average, above 0; they come independently of each other.</summary>
    public double RequestsPerHour { get; init; } = 10;

    /// <summary>The share of requests that are made to hurt hosts, from 0 to 1.</summary>
    public double HostileShare { get; init; } = 0.02;

    /// <summary>The share of clients that withdraw the money of an expired request, from 0 to 1.</summary>
    public double WithdrawingShare { get; init; } = 0.5;
}
