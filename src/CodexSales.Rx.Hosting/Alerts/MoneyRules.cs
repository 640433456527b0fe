namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>The account: ether, tokens, the limit on fees.</summary>
internal sealed class MoneyRules(AlertLimits limits)
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    private readonly Queue<(DateTimeOffset At, double Tokens)> _collateral = [];

    /// <summary>A slot was filled.</summary>
    public void NoteCollateral(DateTimeOffset now, UInt256 tokens) => _collateral.Enqueue((now, ToDouble(tokens)));

    public IEnumerable<Sign> Look(HostView view) => view.Money is { } money ? Look(money, view.Now) : [];

    private IEnumerable<Sign> Look(AccountMoney money, DateTimeOffset now)
    {
        if (DaysOf(money.Wei, ToDouble(money.SpentInADay)) is { } ether && ether < limits.Now.EtherLasts.TotalDays)
        {
            yield return new Sign(
                AlertKind.EtherLow,
                ether < 1 ? AlertSeverity.Critical : AlertSeverity.Warning,
                "",
                $"The account's ether lasts for {Days(ether)} at the fees of the last 24 hours; without it no proof is sent.");
        }

        if (DaysOf(money.Tokens, CollateralOfADay(now)) is { } tokens && tokens < limits.Now.TokensLast.TotalDays)
        {
            yield return new Sign(
                AlertKind.TokensLow,
                AlertSeverity.Warning,
                "",
                $"The account's tokens last for {Days(tokens)} at the collateral of the last 24 hours; without them no slot is filled.");
        }

        if (ToDouble(money.SpentInADay) >= ToDouble(money.MostInADay) * limits.Now.FeeLimitPercent / 100)
        {
            yield return new Sign(
                AlertKind.FeeLimitNear,
                AlertSeverity.Warning,
                "",
                $"{limits.Now.FeeLimitPercent} % of the limit on fees of 24 hours is spent. Beyond it nothing is sent, and proofs are missed.");
        }
    }

    private double CollateralOfADay(DateTimeOffset now)
    {
        while (_collateral.TryPeek(out var oldest) && now - oldest.At >= _day)
        {
            _collateral.Dequeue();
        }

        return _collateral.Sum(filled => filled.Tokens);
    }

    // Without a rate, only an account that has nothing at all is known to be low.
    private static double? DaysOf(UInt256 has, double perDay) =>
        has == UInt256.Zero ? 0 : perDay == 0 ? null : ToDouble(has) / perDay;

    // Days need no more than its digits.
    private static double ToDouble(UInt256 amount) => double.Parse(amount.ToString(), CultureInfo.InvariantCulture);

    // In steps: an alert whose sentence changes at each look is read by nobody.
    private static string Days(double days) => days switch
    {
        0 => "no time",
        < 1 => "less than a day",
        < 2 => "a day",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(days):0} days"),
    };
}
