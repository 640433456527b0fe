using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

public sealed class GasBookTests
{
    private readonly TransactionBench _bench = new();
    private readonly GasBook _book = new();

    [Fact]
    public void What_each_slot_cost_is_booked_once()
    {
        _bench.Manager.Notices.Subscribe(_book.Note);
        _bench.Send(1);
        _bench.Mine(2);
        _bench.Send(1, TransactionBench.Reserve(1) with { Kind = TransactionKind.FillSlot });
        _bench.Send(2);
        _bench.Mine(20);

        // 50,000 gas at 1 gwei each, as the fake node's receipts have it.
        Assert.Equal((UInt256)100_000_000_000_000, _book.Close(TransactionBench.Reserve(1).Slot!.Value));
        Assert.Equal((UInt256)50_000_000_000_000, _book.Close(TransactionBench.Reserve(2).Slot!.Value));
        Assert.Equal(UInt256.Zero, _book.Close(TransactionBench.Reserve(2).Slot!.Value));
    }

    [Fact]
    public void What_was_reverted_counts_and_what_a_reorganisation_took_back_does_not()
    {
        _bench.Manager.Notices.Subscribe(_book.Note);
        _bench.Send(1);
        _bench.Node.Revert = (_, _) => "0x424a04ab";
        _bench.Mine(2);
        Assert.Contains(TransactionNoticeKind.Reverted, _bench.NoticeKinds);
        Assert.Equal((UInt256)50_000_000_000_000, _book.Close(TransactionBench.Reserve(1).Slot!.Value));

        var landed = _bench.Notices[^1];
        _book.Note(landed);
        _book.Note(landed with { Kind = TransactionNoticeKind.Reorganised, SpentWei = null });
        Assert.Equal(UInt256.Zero, _book.Close(TransactionBench.Reserve(1).Slot!.Value));
    }

    [Fact]
    public void What_an_earlier_run_spent_counts_until_the_sale_is_over()
    {
        var slot = TransactionBench.Reserve(1).Slot!.Value;
        _book.Recall(new Dictionary<SlotKey, UInt256> { [slot] = 1_000 });
        _bench.Manager.Notices.Subscribe(_book.Note);
        _bench.Send(1);
        _bench.Mine(2);

        Assert.Equal((UInt256)50_000_000_001_000, _book.Close(slot));
        Assert.Equal(UInt256.Zero, _book.Close(slot));
    }

    // Each is one that no fill followed: without a limit they would be kept for ever.
    [Fact]
    public void Of_approvals_that_no_fill_followed_the_latest_are_kept()
    {
        var slot = TransactionBench.Reserve(1).Slot!.Value;
        foreach (var nonce in Enumerable.Range(0, 1_001).Select(nonce => 2 * (ulong)nonce))
        {
            Note(nonce, new TransactionPurpose(TransactionKind.Approve, null, null, 0));
        }

        Note(1, Fill);
        Assert.Equal((UInt256)1, _book.Close(slot));
        Note(3, Fill);
        Assert.Equal((UInt256)2, _book.Close(slot));
    }

    private static TransactionPurpose Fill => TransactionBench.Reserve(1) with { Kind = TransactionKind.FillSlot };

    private void Note(ulong nonce, TransactionPurpose purpose) =>
        _book.Note(new TransactionNotice(default, TransactionNoticeKind.Landed, purpose, nonce, null, "", 1));
}
