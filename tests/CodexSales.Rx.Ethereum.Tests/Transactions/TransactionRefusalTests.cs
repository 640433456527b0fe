using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What becomes of a transaction that a node refuses, or whose revert can't be looked into.</summary>
public sealed class TransactionRefusalTests : TransactionTests
{
    // Of every row of the table: what passes goes through once the node takes it, what is final is told at once.
    public static TheoryData<string, string> Rows { get; } = new(PoolWords.All.Select(words =>
        ($"{words.Verdict}", words.Said.Replace("…", " x ", StringComparison.Ordinal))));

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_refusal_ends_what_was_wanted_only_if_it_is_final(string verdict, string said)
    {
        var times = 0;
        Node.Instead = asked => asked.Method == "eth_sendRawTransaction" && times++ < 2 ? Replies.Error(-32000, said) : null;

        var reply = _bench.Send(1);
        _bench.Mine(8);

        if (verdict == nameof(PoolVerdict.Rejected))
        {
            Assert.Contains($"\"{said}\"", TransactionBench.NotSent(reply).Detail, StringComparison.Ordinal);
            Assert.Single(Node.Sends);
        }
        else
        {
            TransactionBench.Landed(reply);
            Assert.Single(_bench.Mined);
        }
    }

    [Theory]
    [InlineData(-32005, "rate limit exceeded, try again", """{"request":{"to":"0x59b670e9fa9d0a427751af201d676719a970857b"}}""")]
    [InlineData(-32603, "internal error", """{"traceId":"0xabcdef0123"}""")]
    [InlineData(3, "not enough balance to cover the fee", "\"0x\"")]
    public void An_error_that_has_digits_beside_it_is_no_revert(int code, string said, string data)
    {
        var times = 0;
        Node.Instead = asked => asked.Method == "eth_estimateGas" && times++ < 2 ? Replies.Error(code, said, data) : null;
        var reply = _bench.Send(1);

        _bench.Mine(3);

        TransactionBench.Landed(reply);
    }

    [Fact]
    public void What_is_in_flight_is_not_cancelled_for_a_rate_limit()
    {
        var reply = _bench.Send(1);
        Node.BaseFee = 23_000_000_000;
        Node.Instead = asked => asked.Method is "eth_estimateGas" or "eth_call"
            ? Replies.Error(-32005, "rate limit exceeded", """{"traceId":"0xabcdef0123"}""")
            : null;

        _bench.Mine(3);

        TransactionBench.Landed(reply);
    }

    [Fact]
    public void A_replay_that_the_node_can_not_do_is_told_as_that()
    {
        var reply = _bench.Send(1);
        Node.Revert = (_, _) => "0x424a04ab";
        Node.Instead = asked => asked.Method == "eth_call" ? Replies.Error(-32000, "missing trie node 5a7f") : null;

        _bench.Mine(2);

        var detail = TransactionBench.NotSent(reply).Detail;
        Assert.DoesNotContain("does not revert", detail, StringComparison.Ordinal);
        Assert.EndsWith(
            "it could not be replayed: the node says \"missing trie node 5a7f\".", detail, StringComparison.Ordinal);
    }
}
