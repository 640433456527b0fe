namespace CodexSales.Rx.Testing.Work;

/// <summary>Faults of work of a <see cref="SimulatedStorage"/> or <see cref="SimulatedProver"/>.</summary>
public enum WorkFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It ends with an error: a download half way, anything else when it should be done.</summary>
    Fails,

    /// <summary>The disk is full: a download ends half way, other work at its end, with that error.</summary>
    DiskFull,

    /// <summary>It never ends: a download stops half way, other work gives no answer until cancelled.</summary>
    Stalls,

    /// <summary>It takes ten minutes longer: a download before its first step.</summary>
    Slow,
}
