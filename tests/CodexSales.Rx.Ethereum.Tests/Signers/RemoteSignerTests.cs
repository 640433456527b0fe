using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Tests.Calls;

namespace CodexSales.Rx.Ethereum.Tests.Signers;

public sealed class RemoteSignerTests
{
    private static readonly Address _account = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");

    private static readonly UnsignedTransaction _transaction = new()
    {
        ChainId = 31_337,
        Nonce = 7,
        To = Recording.Marketplace,
        Data = [0x12, 0x82, 0x76, 0x02],
        GasLimit = 100_000,
        Fees = new DynamicFees(30_000_000_000, 1_000_000_000),
    };

    private static readonly UnsignedTransaction _legacy = _transaction with { Fees = new LegacyFees(5) };

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Web3signer_answers_with_the_bytes()
    {
        var signed = TestKey.Sign(_transaction);
        var signer = new AnsweringTransport(_ => Replies.Text(NodeQuestions.Bytes(signed.Raw.AsSpan())));

        var reply = await new RemoteSigner(signer, _account).SignAsync(_transaction, None);

        Assert.Equal(signed.GetHash(), Assert.IsType<Signed>(reply).Transaction.GetHash());
        Assert.Equal("eth_signTransaction", Assert.Single(signer.Asked).Method);
        Assert.Equal(
            """
            [{"from":"0x70997970c51812dc3a010c7d01b50e0d17dc79c8","to":"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0",
            "gas":"0x186a0","value":"0x0","nonce":"0x7","data":"0x12827602","chainId":"0x7a69",
            "maxFeePerGas":"0x6fc23ac00","maxPriorityFeePerGas":"0x3b9aca00"}]
            """.ReplaceLineEndings(""),
            Replies.ParametersOf(signer.Asked[0]).GetRawText());
    }

    [Fact]
    public async Task Clef_answers_with_an_object()
    {
        var raw = NodeQuestions.Bytes(TestKey.Sign(_legacy).Raw.AsSpan());
        var signer = new AnsweringTransport(_ => Replies.Result($$"""{"tx":{"nonce":"0x7"},"raw":"{{raw}}"}"""));

        var reply = await new RemoteSigner(signer, _account, RemoteSignerProtocol.Clef).SignAsync(_legacy, None);

        Assert.Equal(raw, NodeQuestions.Bytes(Assert.IsType<Signed>(reply).Transaction.Raw.AsSpan()));
        Assert.Equal("account_signTransaction", Assert.Single(signer.Asked).Method);
        Assert.Equal("0x5", Replies.ParametersOf(signer.Asked[0])[0].GetProperty("gasPrice").GetString());
    }

    [Fact]
    public async Task A_signature_for_another_chain_is_refused()
    {
        var raw = TestKey.Sign(_legacy with { ChainId = 1 }).Raw;

        Assert.Equal(
            new NotSigned("The signer signs for chain 1, not for chain 31337.", IsPassing: false),
            await SignAsync(_legacy, Replies.Text(NodeQuestions.Bytes(raw.AsSpan()))));
    }

    [Fact]
    public async Task A_signature_of_another_transaction_is_refused()
    {
        UnsignedTransaction[] others =
        [
            _transaction with { Nonce = 8 },
            _transaction with { To = _account },
            _transaction with { Value = 1 },
            _transaction with { GasLimit = 100_001 },
            _transaction with { Data = [0x12, 0x82, 0x76, 0x03] },
            _transaction with { Fees = new DynamicFees(30_000_000_001, 1_000_000_000) },
            _legacy,
        ];
        foreach (var other in others)
        {
            var raw = TestKey.Sign(other).Raw;

            Assert.Equal(
                new NotSigned("The signer signed another transaction than it was given.", IsPassing: false),
                await SignAsync(_transaction, Replies.Text(NodeQuestions.Bytes(raw.AsSpan()))));
        }
    }

    [Fact]
    public async Task A_signature_of_another_account_is_refused()
    {
        var raw = TestKey.Sign(_transaction, TestKey.Other).Raw;

        Assert.Equal(
            new NotSigned(
                "The signer signed with the key of 0x7e5f4552091a69125d5dfcb7b8c2659029395bdf, not of "
                    + "0x70997970c51812dc3a010c7d01b50e0d17dc79c8.",
                IsPassing: false),
            await SignAsync(_transaction, Replies.Text(NodeQuestions.Bytes(raw.AsSpan()))));
    }

    // No point of the curve; zeros; the higher s; the order and more.
    [Theory]
    [InlineData("5", "6")]
    [InlineData("0", "0")]
    [InlineData("1", "115792089237316195423570985008687907852837564279074904382605163141518161494336")]
    [InlineData("1", "115792089237316195423570985008687907852837564279074904382605163141518161494337")]
    [InlineData(
        "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public async Task A_signature_that_no_chain_takes_is_refused(string r, string s)
    {
        var raw = _transaction.Sign(isYOdd: true, UInt256.Parse(r), UInt256.Parse(s)).Raw;

        Assert.Equal(
            new NotSigned("The signer's answer has a signature that no chain takes.", IsPassing: false),
            await SignAsync(_transaction, Replies.Text(NodeQuestions.Bytes(raw.AsSpan()))));
    }

    [Theory]
    [InlineData("null", "The signer's answer has no signed transaction.")]
    [InlineData("{}", "The signer's answer has no signed transaction.")]
    [InlineData("{\"raw\":5}", "The signer's answer has no signed transaction.")]
    [InlineData("\"02\"", "The signer's answer has no signed transaction.")]
    [InlineData("\"0x02\"", "The signer's answer is no transaction that can be read.")]
    public async Task An_answer_without_a_transaction_is_refused(string json, string said) => Assert.Equal(
        new NotSigned(said, IsPassing: false), await SignAsync(_transaction, Replies.Result(json)));

    [Fact]
    public async Task A_refusal_is_told() => Assert.Equal(
        new NotSigned("The signer refuses: \"Request denied\" (-32000).", IsPassing: false),
        await SignAsync(_transaction, Replies.Error(-32000, "Request denied")));

    [Fact]
    public async Task A_signer_that_does_not_answer_may_answer_later() => Assert.Equal(
        new NotSigned("The signer does not answer: It is not connected.", IsPassing: true),
        await SignAsync(_transaction, new RpcNoAnswer("It is not connected.", MayHaveArrived: false)));

    [Theory]
    [InlineData(RemoteSignerProtocol.Ethereum, "eth_accounts")]
    [InlineData(RemoteSignerProtocol.Clef, "account_list")]
    public async Task A_signer_is_asked_for_its_accounts(RemoteSignerProtocol protocol, string method)
    {
        var signer = new AnsweringTransport(_ => Replies.Result($"[\"{Recording.Marketplace}\",\"{_account}\"]"));

        Assert.Null(await new RemoteSigner(signer, _account, protocol).FindFaultAsync(None));
        Assert.Equal(method, Assert.Single(signer.Asked).Method);
    }

    [Theory]
    [InlineData("[]", "The signer does not sign for 0x70997970c51812dc3a010c7d01b50e0d17dc79c8.")]
    [InlineData("{}", "The signer does not say which accounts it signs for: its answer is no list of addresses.")]
    [InlineData("[5]", "The signer does not say which accounts it signs for: its answer is no list of addresses.")]
    public async Task A_signer_without_the_account_is_a_fault(string json, string said)
    {
        var signer = new AnsweringTransport(_ => Replies.Result(json));

        Assert.Equal(said, await new RemoteSigner(signer, _account).FindFaultAsync(None));
    }

    [Fact]
    public async Task A_node_signs_for_its_own_accounts()
    {
        var node = new AnsweringTransport(_ => Replies.Result($"[\"{_account}\"]"));

        Assert.Null(await new NodeAccountSigner(node, _account).FindFaultAsync(None));
        Assert.IsType<SignedByNode>(await new NodeAccountSigner(node, _account).SignAsync(_transaction, None));
        Assert.Equal(
            $"The node does not keep the key of {Recording.Marketplace}: give a key file or a signer.",
            await new NodeAccountSigner(node, Recording.Marketplace).FindFaultAsync(None));
    }

    private static Task<SigningReply> SignAsync(UnsignedTransaction transaction, RpcReply reply) =>
        new RemoteSigner(new AnsweringTransport(_ => reply), _account).SignAsync(transaction, None);
}
