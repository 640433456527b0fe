using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Metrics of transactions, under the meter <see cref="MeterName"/>. Tags: the kind, and what happened.</summary>
internal static class TransactionMetrics
{
    public const string MeterName = "CodexSales.Rx.Ethereum";

    private const double WeiPerEther = 1e18;

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Told = Meter.CreateCounter<long>(
        "codexsales.transaction", "{transactions}", "What happened to transactions, by kind and what.");

    private static readonly Counter<double> Spent = Meter.CreateCounter<double>(
        "codexsales.transaction.fees", "{ether}", "What transactions in blocks cost in fees, by kind.");

    public static void Note(TransactionNotice notice)
    {
        var kind = new KeyValuePair<string, object?>("kind", notice.Purpose.Kind.ToString());
        Told.Add(1, kind, new("what", notice.Kind.ToString()));
        if (notice.SpentWei is { } wei)
        {
            Spent.Add((double)wei / WeiPerEther, kind);
        }
    }
}
