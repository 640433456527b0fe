using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Hosting;

/// <summary>The meter of what a host tells collectors beside its pipeline.</summary>
internal static class HostMeter
{
    public const string Name = "CodexSales.Rx.Hosting";

    /// <param name="scope">Whose meter it is, as collectors that ask for one factory's meters see it.</param>
    /// <param name="instance">Tells hosts apart; null for no tag.</param>
    public static Meter Of(IMeterFactory? scope, string? instance) =>
        new(new MeterOptions(Name) { Scope = scope, Tags = instance is null ? null : [new("codexsales.instance", instance)] });
}
