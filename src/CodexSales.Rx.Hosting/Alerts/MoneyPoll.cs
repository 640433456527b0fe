namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Asks now and then for the money of the account. Lives on the core.</summary>
internal sealed class MoneyPoll(IScheduler core, CancellationToken stopping)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(2);

    private object? _market;
    private DateTimeOffset _askedAt;
    private AccountMoney? _last;

    /// <summary>What was answered last; null as long as nothing was.</summary>
    /// <param name="market">Another one has another account.</param>
    /// <param name="ask">Asks it; null for a market that doesn't say.</param>
    public AccountMoney? Look(object market, Func<CancellationToken, Task<AccountMoney?>>? ask)
    {
        if (!ReferenceEquals(_market, market))
        {
            (_market, _last, _askedAt) = (market, null, default);
        }

        if (ask is not null && core.Now - _askedAt >= _interval)
        {
            _askedAt = core.Now;
            _ = AskAsync(market, ask);
        }

        return _last;
    }

    // A market that does not answer is told of by others.
    private async Task AskAsync(object market, Func<CancellationToken, Task<AccountMoney?>> ask)
    {
        try
        {
            var money = await ask(stopping).ConfigureAwait(false);
            core.Schedule(() => _last = ReferenceEquals(_market, market) ? money ?? _last : _last);
        }
        catch (Exception none) when (none is MarketUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }
}
