using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

public sealed class SpendLedgerTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SpendLedger _ledger = new(new TransactionOptions { MostWeiPerDay = 100 });

    [Theory]
    [InlineData(TransactionKind.SubmitProof, 100)]
    [InlineData(TransactionKind.FreeSlot, 100)]
    [InlineData(TransactionKind.FillNonce, 100)]
    [InlineData(TransactionKind.ReserveSlot, 75)]
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
    public void What_goes_beyond_is_told_with_the_limit()
    {
        Assert.Equal(
            "With it, 24 hours are likely to cost 101 wei, and the limit is 100.",
            _ledger.FindExcess(TransactionKind.SubmitProof, 60, [30, 11], _start));
        Assert.Equal(
            "With it, 24 hours are likely to cost 76 wei, and the limit is 100, of which new slots get 75.",
            _ledger.FindExcess(TransactionKind.ReserveSlot, 60, [16], _start));
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

        Assert.Equal(wei, FeesPaid.Likely(transaction, 50, baseFee));
        Assert.Equal(7UL * 50, FeesPaid.Likely(transaction with { Fees = new LegacyFees(7) }, 50, baseFee));
        Assert.Equal(
            UInt256.MaxValue,
            FeesPaid.Likely(transaction with { Fees = new LegacyFees(UInt256.MaxValue) }, 2, baseFee));
    }
}
