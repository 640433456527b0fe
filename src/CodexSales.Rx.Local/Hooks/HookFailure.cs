namespace CodexSales.Rx.Local.Hooks;

/// <summary>The ways in which a hook fails.</summary>
public enum HookFailure
{
    /// <summary>It could not be started: it is missing, or no program.</summary>
    NotStarted,

    /// <summary>It took longer than its limit, and was ended.</summary>
    TimedOut,

    /// <summary>It wrote a line on standard output that is longer than its limit, and was ended.</summary>
    LineTooLong,

    /// <summary>It wrote something that is no answer, or ended without one.</summary>
    BadAnswer,

    /// <summary>It answered with an error of its own.</summary>
    Refused,

    /// <summary>It ended with an exit code other than 0, or by a signal.</summary>
    Failed,
}
