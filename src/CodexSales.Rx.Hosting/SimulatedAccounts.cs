namespace CodexSales.Rx.Hosting;

/// <summary>The accounts of hosts on a simulated market: ours is 0, those that compete count from 1.</summary>
internal static class SimulatedAccounts
{
    public static Address Of(int host) =>
        Address.Parse(string.Create(CultureInfo.InvariantCulture, $"0x{0xc0de0100 + host:x40}"));
}
