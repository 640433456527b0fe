namespace CodexSales.Rx.Testing.Participants;

/// <summary>What the clients of a <see cref="SimulatedClients"/> want.</summary>
public sealed record SimulatedClientsOptions
{
    /// <summary>Decides all there is to decide. The same seed gives the same requests at the same moments.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many requests come in an hour on average, above 0; they come independently of each other.</summary>
    public double RequestsPerHour { get; init; } = 10;

    /// <summary>Which share of the requests is made to hurt hosts, from 0 to 1.</summary>
    public double HostileShare { get; init; } = 0.02;

    /// <summary>Which share of the clients takes its money back after a request expired, from 0 to 1.</summary>
    public double WithdrawingShare { get; init; } = 0.5;
}
