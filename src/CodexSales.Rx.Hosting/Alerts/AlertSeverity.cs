namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>How soon somebody has to look at an alert.</summary>
public enum AlertSeverity
{
    /// <summary>Good to know.</summary>
    Information = 0,

    /// <summary>Money is not earned, or will be lost if it goes on.</summary>
    Warning,

    /// <summary>Money is being lost: at once, also at night.</summary>
    Critical,
}
