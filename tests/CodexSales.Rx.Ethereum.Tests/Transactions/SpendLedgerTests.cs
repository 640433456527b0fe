using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

public sealed class SpendLedgerTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SpendLedger _ledger = new(new TransactionOptions { MostWeiPerDay = 100 });

    [Theory]
    [InlineData(TransactionKind.SubmitProof, 100)]
    [InlineData(TransactionKind.FreeSlot, 100)]
    [InlineData(TransactionKind.FillNonce, 100)]
    [InlineData(TransactionKind.Approve, 75)]
    [InlineData(TransactionKind.FillSlot, 75)]
    public void Proofs_and_payouts_get_all_of_the_limit_and_new_slots_three_quarters(TransactionKind kind, ulong most)
    {
        Assert.Null(_ledger.FindExcess(kind, most, [], _start));
        Assert.Null(_ledger.FindExcess(kind, most - 30, [20, 10], _start));
        Assert.NotNull(_ledger.FindExcess(kind, most + 1, [], _start));
        Assert.NotNull(_ledger.FindExcess(kind, most - 30, [20, 11], _start));
    }

    [Fact]
    public void What_was_spent_is_that_of_the_last_24_hours()
    {
        _ledger.Add(_start, 30);
        _ledger.Add(_start.AddHours(12), 5);

        Assert.Equal(35UL, _ledger.Spent(_start.AddHours(23)));
        Assert.Equal(5UL, _ledger.Spent(_start.AddHours(24)));
        Assert.Equal(0UL, _ledger.Spent(_start.AddHours(36)));
    }

    [Fact]
    public void What_goes_beyond_is_told_with_the_limit()
    {
        Assert.Equal(
            "With it, 24 hours are likely to cost 0.000000000000000101 ether, and the limit is 0.0000000000000001 ether.",
            _ledger.FindExcess(TransactionKind.SubmitProof, 60, [30, 11], _start));
        Assert.Equal(
            "With it, 24 hours are likely to cost 0.000000000000000076 ether, and the limit is 0.0000000000000001 ether, "
                + "of which new slots get 0.000000000000000075 ether.",
            _ledger.FindExcess(TransactionKind.FillSlot, 60, [16], _start));
    }

    [Fact]
    public void A_reservation_counts_with_the_fill_that_it_is_for()
    {
        Assert.Null(_ledger.FindExcess(TransactionKind.ReserveSlot, 15, [], _start));
        Assert.StartsWith(
            "With it and the fill that it is for, 24 hours are likely to cost 0.00000000000000008 ether, ",
            _ledger.FindExcess(TransactionKind.ReserveSlot, 15, [5], _start),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_slot_is_not_reserved_that_the_account_has_not_the_ether_to_fill()
    {
        var quote = At(0) with { Balance = 100, WeiPerByte = 0 };

        Assert.Null(SpendLedger.FindShortage(TransactionKind.ReserveSlot, Costing(20), quote));
        Assert.Equal(
            "With it and the fill that it is for, 0.000000000000000105 ether could be needed, and the account has "
                + "0.0000000000000001 ether.",
            SpendLedger.FindShortage(TransactionKind.ReserveSlot, Costing(21), quote));
        Assert.Null(SpendLedger.FindShortage(TransactionKind.FillSlot, Costing(101), quote));
        Assert.Null(SpendLedger.FindShortage(TransactionKind.ReserveSlot, Costing(21), At(0)));
    }

    [Fact]
    public void What_a_transaction_costs_besides_its_gas_counts()
    {
        var transaction = Costing(10);
        var bytes = (ulong)transaction.Encode().Length + 80;

        Assert.Equal(10 + (3 * bytes), FeesPaid.Likely(transaction, 10, At(0) with { WeiPerByte = 3 }));
        Assert.Equal(10 + (3 * bytes), FeesPaid.Most(transaction, At(0) with { WeiPerByte = 3 }));
        Assert.Equal(UInt256.MaxValue, FeesPaid.Likely(transaction, 10, At(0) with { WeiPerByte = UInt256.MaxValue }));
    }

    [Fact]
    public void What_was_spent_counts_for_a_day()
    {
        _ledger.Add(_start, 41);

        Assert.NotNull(Excess(_start));
        Assert.NotNull(Excess(_start + SpendLedger.Day - TimeSpan.FromTicks(1)));
        Assert.Null(Excess(_start + SpendLedger.Day));

        string? Excess(DateTimeOffset now) => _ledger.FindExcess(TransactionKind.SubmitProof, 60, [], now);
    }

    [Fact]
    public void Sums_that_are_too_large_are_over_every_limit()
    {
        _ledger.Add(_start, UInt256.MaxValue);
        _ledger.Add(_start.AddHours(1), UInt256.MaxValue);

        Assert.NotNull(_ledger.FindExcess(TransactionKind.SubmitProof, 1, [UInt256.MaxValue], _start.AddHours(2)));
        Assert.NotNull(_ledger.FindExcess(TransactionKind.SubmitProof, 1, [], _start.AddHours(24)));
        Assert.Null(_ledger.FindExcess(TransactionKind.SubmitProof, 1, [], _start.AddHours(25)));
    }

    // Source: EIP-1559.
    [Theory]
    [InlineData(10, 12 * 50)]
    [InlineData(98, 100 * 50)]
    [InlineData(1_000, 100 * 50)]
    public void What_is_likely_is_the_base_fee_and_the_tip_up_to_what_is_offered(ulong baseFee, ulong wei)
    {
        var transaction = new UnsignedTransaction
        {
            ChainId = 1, Nonce = 0, To = default, GasLimit = 80, Fees = new DynamicFees(100, 2),
        };

        Assert.Equal(wei, FeesPaid.Likely(transaction, 50, At(baseFee)));
        Assert.Equal(7UL * 50, FeesPaid.Likely(transaction with { Fees = new LegacyFees(7) }, 50, At(baseFee)));
        Assert.Equal(
            UInt256.MaxValue,
            FeesPaid.Likely(transaction with { Fees = new LegacyFees(UInt256.MaxValue) }, 2, At(baseFee)));
    }

    private static FeeQuote At(UInt256 baseFee) => new(new LegacyFees(1), baseFee);

    private static UnsignedTransaction Costing(ulong wei) => new()
    {
        ChainId = 1, Nonce = 0, To = default, GasLimit = wei, Fees = new LegacyFees(1),
    };
}
