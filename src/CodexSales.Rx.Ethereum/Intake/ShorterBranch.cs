namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Decides whether a node is believed whose newest block is far below the known one. Never, if it is merely
/// behind; on another branch only after so long that every other node was asked, too: then the chain was set back.
/// Lives on the scheduler.</summary>
internal sealed class ShorterBranch(IntakeStatus status, MarketIntakeOptions options, IScheduler scheduler)
{
    private (bool IsOther, DateTimeOffset Since)? _seen;

    /// <summary>Notes that a node answered that is as far as the known block, or nearly.</summary>
    public void Forget() => _seen = null;

    /// <summary>Waits for a better answer than a head below the known block, until there was none for long.</summary>
    /// <exception cref="NodeReadException">The head is not believed, or not yet.</exception>
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
                $"{status.Endpoint} is at block {head}{(isOther ? " of another branch" : "")}, far behind block "
                + $"{known}, which is known already, since {seen.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC."));
        }
    }
}
