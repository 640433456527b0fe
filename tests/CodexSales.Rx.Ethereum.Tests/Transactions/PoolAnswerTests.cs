using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What nodes say to a transaction, word for word.</summary>
public sealed class PoolAnswerTests
{
    [Theory]
    [InlineData(-32000, "nonce too low: next nonce 7, tx nonce 5")]
    [InlineData(-32000, "nonce too low")]
    [InlineData(-32003, "nonce too low")]
    [InlineData(-32010, "OldNonce, Current nonce: 7, nonce of rejected tx: 5")]
    public void A_nonce_that_was_used(int code, string said) => Check(PoolVerdict.NonceTooLow, code, said);

    [Theory]
    [InlineData(-32000, "already known")]
    [InlineData(-32003, "transaction already imported")]
    [InlineData(-32010, "AlreadyKnown")]
    [InlineData(-32000, "known transaction: 0x12")]
    public void A_transaction_that_the_node_has(int code, string said) => Check(PoolVerdict.AlreadyKnown, code, said);

    [Theory]
    [InlineData(-32000, "replacement transaction underpriced")]
    [InlineData(-32003, "replacement transaction underpriced")]
    [InlineData(-32010, "ReplacementNotAllowed")]
    public void A_replacement_that_pays_too_little(int code, string said) =>
        Check(PoolVerdict.ReplacementTooCheap, code, said);

    [Theory]
    [InlineData(-32000, "transaction underpriced")]
    [InlineData(-32000, "transaction underpriced: gas tip cap 1, minimum needed 1000000")]
    [InlineData(-32000, "max fee per gas less than block base fee: address 0x70, maxFeePerGas: 1, baseFee: 7")]
    [InlineData(-32003, "max fee per gas less than block base fee")]
    [InlineData(-32010, "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 1, BaseFee: 7")]
    public void A_transaction_that_pays_too_little(int code, string said) => Check(PoolVerdict.TooCheap, code, said);

    [Theory]
    [InlineData(-32010, "NonceGap, Future nonce. Expected nonce: 6")]
    [InlineData(-32000, "nonce too high")]
    public void A_nonce_too_far_ahead(int code, string said) => Check(PoolVerdict.NonceTooHigh, code, said);

    [Theory]
    [InlineData(-32000, "in-flight transaction limit reached for delegated accounts")]
    [InlineData(-32000, "txpool is full")]
    [InlineData(-32000, "Transaction pool is full")]
    public void A_pool_without_a_place(int code, string said) => Check(PoolVerdict.PoolIsFull, code, said);

    [Theory]
    [InlineData(-32000, "insufficient funds for gas * price + value: balance 1, tx cost 21000, overshot 20999")]
    [InlineData(-32003, "Insufficient funds for gas * price + value")]
    [InlineData(-32010, "InsufficientFunds, Account balance: 0, cumulative cost: 21000")]
    [InlineData(-32000, "intrinsic gas too low")]
    [InlineData(-32000, "intrinsic gas too low: gas 20000, minimum needed 21000")]
    [InlineData(-32000, "exceeds block gas limit")]
    [InlineData(-32000, "tx fee (1.20 ether) exceeds the configured cap (1.00 ether)")]
    [InlineData(-32003, "invalid chain id for signer")]
    [InlineData(-32000, "invalid chain id for signer: have 1 want 31337")]
    [InlineData(-32602, "Failed to decode transaction")]
    [InlineData(-32000, "invalid sender")]
    [InlineData(-32000, "max priority fee per gas higher than max fee per gas")]
    [InlineData(-32601, "Method not found")]
    [InlineData(-32000, "unknown account")]
    public void A_transaction_that_is_not_taken(int code, string said) => Check(PoolVerdict.Rejected, code, said);

    [Theory]
    [InlineData(-32603, "Internal error")]
    [InlineData(429, "Too Many Requests")]
    [InlineData(-32005, "daily request count exceeded, request rate limited")]
    [InlineData(-32000, "request timed out")]
    [InlineData(-32000, "no backend is currently healthy to serve traffic")]
    public void A_node_in_trouble_may_have_it(int code, string said) => Check(PoolVerdict.Unknown, code, said);

    [Fact]
    public void Words_that_are_not_known_are_unclear() => Check(PoolVerdict.Unclear, -32000, "the moon is not right");

    [Fact]
    public void No_answer_says_whether_it_was_sent()
    {
        Assert.Equal(PoolVerdict.Unknown, PoolAnswer.Of(new RpcNoAnswer("Lost.", MayHaveArrived: true)));
        Assert.Equal(PoolVerdict.NotSent, PoolAnswer.Of(new RpcNoAnswer("Lost.", MayHaveArrived: false)));
        Assert.Equal(PoolVerdict.Accepted, PoolAnswer.Of(Replies.Text("0x12")));
    }

    private static void Check(PoolVerdict expected, int code, string said) =>
        Assert.Equal(expected, PoolAnswer.Of(Replies.Error(code, said)));
}
