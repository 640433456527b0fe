using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>While the journal can't be written, proofs go out all the same; it is made up for once it can.</summary>
public sealed class TransactionFullDiskTests : TransactionTests
{
    private static readonly IOException _full = new("no space left on device");

    public TransactionFullDiskTests()
    {
        _bench.Send(1);
        _bench.Mine();
        _bench.Journal.Failure = _full;
    }

    [Fact]
    public void A_proof_that_was_sent_unnoted_is_noted_while_it_is_in_flight()
    {
        Node.Takes = _ => false;
        _bench.Send(2, Proof(2));
        _bench.Mine();

        _bench.Journal.Failure = null;
        _bench.Mine();

        var noted = Assert.Single(_bench.Journal.Open, entry => entry.Purpose.Kind == TransactionKind.SubmitProof);
        Assert.Equal(Node.Pool.Single().Hash, noted.Attempts[^1].Hash);
    }

    [Fact]
    public void What_a_proof_cost_that_ended_unnoted_is_noted_though_nothing_else_happens()
    {
        Node.FinalDepth = 1;
        _bench.Send(2, Proof(2));
        _bench.Mine(20);
        Assert.Equal(2, Node.Mined.Count());

        _bench.Journal.Failure = null;
        _bench.Mine();

        Assert.Equal(TransactionEndKind.Landed, _bench.Journal[1].End?.Kind);
        Assert.NotEqual(UInt256.Zero, _bench.Journal[1].End?.SpentWei);
    }

    [Fact]
    public void That_it_cannot_be_noted_is_told_once_of_each_change()
    {
        Node.Takes = _ => false;
        _bench.Send(2, Proof(2));

        _bench.Mine(4);

        Assert.Single(_bench.Notices, notice => notice.Kind == TransactionNoticeKind.Trouble);
    }

    [Fact]
    public void What_ended_more_than_a_day_ago_is_not_kept_for_it()
    {
        Node.FinalDepth = 1;
        _bench.Send(2, Proof(2));
        _bench.Mine(20);
        _bench.Time.AdvanceBy(TimeSpan.FromHours(25));
        _bench.Send(3, Proof(3));
        _bench.Mine(20);

        _bench.Journal.Failure = null;
        _bench.Mine();

        Assert.DoesNotContain(_bench.Journal.Notes, entry => entry.Nonce == 1);
        Assert.Contains(_bench.Journal.Notes, entry => entry.Nonce == 2);
    }

    // The reservation before it pays what was enough once.
    [Fact]
    public void What_is_in_the_way_of_a_proof_is_made_dearer_unnoted()
    {
        _bench.Journal.Failure = null;
        _bench.Send(3);
        _bench.Journal.Failure = _full;
        Node.BaseFee = 40_000_000_000;
        var proof = _bench.Send(2, Proof(2));

        _bench.Mine(8);

        TransactionBench.Landed(proof);
    }

    [Fact]
    public void What_is_in_nobodys_way_is_not()
    {
        _bench.Journal.Failure = null;
        _bench.Send(3);
        _bench.Journal.Failure = _full;
        Node.BaseFee = 40_000_000_000;

        _bench.Mine(8);

        Assert.Single(Node.Sends.Where(sent => IsOf(sent, 3)).Select(sent => Replies.ParametersOf(sent)[0].GetString()).Distinct());
    }

    private static TransactionPurpose Proof(int number) => new(
        TransactionKind.SubmitProof, new SlotKey(new RequestId(Keccak256.Hash([1])), (ulong)number), 5, 0);
}
