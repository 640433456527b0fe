namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// Whether a node is believed whose newest block is far below what is known. One that is merely behind never is. One that is
/// on another branch is after so long that every other node was asked, too: then the chain was set back.
/// </summary>
/// <remarks>Lives on the scheduler.</remarks>
internal sealed class ShorterBranch(IntakeStatus status, MarketIntakeOptions options, IScheduler scheduler)
{
    private (bool IsOther, DateTimeOffset Since)? _seen;

    /// <summary>A node answered that is as far as what is known, or nearly.</summary>
    public void Forget() => _seen = null;

    /// <summary>Waits for a better answer, until there was none for long.</summary>
    /// <param name="head">The height of the node's newest block.</param>
    /// <param name="known">The height of the newest block that is known.</param>
    /// <param name="isOther">Whether a block of the node, at that height or below, is another one than is known.</param>
    /// <exception cref="NodeReadException">It is not believed, or not yet.</exception>
    public void Endure(ulong head, ulong known, bool isOther)
    {
        if (_seen is not { } seen || seen.IsOther != isOther)
        {
            _seen = seen = (isOther, scheduler.Now);
        }

        if (!isOther || scheduler.Now - seen.Since < options.StallAfter * (status.Endpoints + 1))
        {
            throw new NodeReadException(string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Endpoint} is at block {head}{(isOther ? " of another branch" : "")}, far behind block {known}, "
                + $"which is known already, since {seen.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."));
        }
    }
}
