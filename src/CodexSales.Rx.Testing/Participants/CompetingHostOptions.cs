namespace CodexSales.Rx.Testing.Participants;

/// <summary>The eagerness of a <see cref="CompetingHost"/>.</summary>
public sealed record CompetingHostOptions
{
    /// <summary>Decides which slots it wants and how long it waits. The same seed gives the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The probability that it wants a slot that it looks at, from 0 to 1.</summary>
    public double Interest { get; init; } = 0.5;

    /// <summary>The most slots that it works on or hosts at once.</summary>
    public int MostSlots { get; init; } = 100;

    /// <summary>At how many slots of a request it looks.</summary>
    public int SlotsPerRequest { get; init; } = 4;

    /// <summary>The longest time from hearing of a slot to reserving it; any shorter one is as likely.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(5);
}
