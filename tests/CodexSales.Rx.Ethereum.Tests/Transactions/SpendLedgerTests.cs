using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

public sealed class SpendLedgerTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SpendLedger _ledger =
        new(new TransactionOptions { MostWeiPerDay = 100 }, _ => 0, () => null);

    [Fact]
    public void A_transaction_within_the_limits_is_let_through()
    {
        Assert.Null(_ledger.FindExcess(Costing(60), [], _start));
        Assert.Null(_ledger.FindExcess(Costing(60), [30, 10], _start));
    }

    [Fact]
    public void A_reservation_counts_with_the_fill_that_it_is_for()
    {
        Assert.Null(_ledger.FindExcess(Costing(20), [], _start, isReservation: true));
        Assert.StartsWith(
            "With it and the fill that it is for, 24 hours could cost ",
            _ledger.FindExcess(Costing(21), [], _start, isReservation: true),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reservation_is_not_sent_that_the_account_can_not_fill()
    {
        var ledger = new SpendLedger(new TransactionOptions { MostWeiPerDay = 1_000 }, _ => 0, () => 100);

        Assert.Null(ledger.FindExcess(Costing(20), [], _start, isReservation: true));
        Assert.Equal(
            "With it and the fill that it is for, 0.000000000000000105 ether could be needed, and the account has "
                + "0.0000000000000001 ether.",
            ledger.FindExcess(Costing(20), [5], _start, isReservation: true));
        Assert.Null(ledger.FindExcess(Costing(101), [], _start));
    }

    [Fact]
    public void What_a_transaction_costs_besides_its_gas_counts()
    {
        var ledger = new SpendLedger(new TransactionOptions { MostWeiPerDay = 100 }, _ => 50, () => null);

        Assert.Null(ledger.FindExcess(Costing(50), [], _start));
        Assert.NotNull(ledger.FindExcess(Costing(51), [], _start));
    }

    [Fact]
    public void What_is_in_flight_counts_with_the_most_that_it_can_cost() => Assert.Equal(
        "With it, 24 hours could cost 0.000000000000000101 ether, and the limit is 0.0000000000000001 ether.",
        _ledger.FindExcess(Costing(60), [30, 11], _start));

    [Fact]
    public void What_was_spent_counts_for_a_day()
    {
        _ledger.Add(_start, 41);

        Assert.NotNull(_ledger.FindExcess(Costing(60), [], _start));
        Assert.NotNull(_ledger.FindExcess(Costing(60), [], _start + SpendLedger.Day - TimeSpan.FromTicks(1)));
        Assert.Null(_ledger.FindExcess(Costing(60), [], _start + SpendLedger.Day));
    }

    [Fact]
    public void Sums_that_are_too_large_are_over_every_limit()
    {
        Assert.NotNull(_ledger.FindExcess(Costing(1), [UInt256.MaxValue, UInt256.MaxValue], _start));
        Assert.NotNull(_ledger.FindExcess(
            Costing(1) with { Fees = new LegacyFees(UInt256.MaxValue), GasLimit = 2 }, [], _start));
    }

    private static UnsignedTransaction Costing(ulong wei) => new()
    {
        ChainId = 1, Nonce = 0, To = default, GasLimit = wei, Fees = new LegacyFees(1),
    };
}
