namespace CodexSales.Rx.Testing.Work;

/// <summary>Faults of a write to a <see cref="SimulatedStore"/>.</summary>
public enum StoreFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It can't be written for now: nothing has changed.</summary>
    Fails,

    /// <summary>It is neither written nor answered: only cancelling ends it.</summary>
    Stalls,

    /// <summary>It is written, and never answered: only cancelling ends it.</summary>
    Unheard,

    /// <summary>It takes ten minutes longer.</summary>
    Slow,
}
