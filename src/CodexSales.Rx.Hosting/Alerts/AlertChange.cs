namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Why the active alerts have changed.</summary>
public enum AlertChange
{
    /// <summary>It was active when the subscription began.</summary>
    Active = 0,

    /// <summary>It has begun.</summary>
    Begun,

    /// <summary>It goes on, and happened once more, or its sentence is another one.</summary>
    GoneOn,

    /// <summary>It is over by itself.</summary>
    Over,

    /// <summary>Somebody has dismissed it.</summary>
    Dismissed,
}
