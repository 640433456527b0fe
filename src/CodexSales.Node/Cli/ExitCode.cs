namespace CodexSales.Node.Cli;

/// <summary>The numbers that the program ends with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>
    /// It ended by itself: a specification does not hold, a chain can't be trusted any more, or stopping failed. Of "status": nothing new
    /// is sold.
    /// </summary>
    public const int Failed = 1;

    /// <summary>It was told something that it can't do: one sentence on the error output says what.</summary>
    public const int BadInput = 2;

    /// <summary>The node that runs elsewhere can't be asked.</summary>
    public const int Unreachable = 3;

    /// <summary>The node can sell, but has lost something lately: proofs, collateral or a slot.</summary>
    public const int Losing = 4;

    /// <summary>It was interrupted. Shells know this number by Ctrl-C.</summary>
    public const int Interrupted = 130;
}
