using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.StartUp;
using CodexSales.Rx.Ethereum.Tests.Abi;
using CodexSales.Rx.Ethereum.Tests.Calls;

namespace CodexSales.Rx.Ethereum.Tests.StartUp;

public sealed class ChainCheckTests
{
    private static readonly Address _account = Address.Parse("0x70997970c51812dc3a010c7d01b50e0d17dc79c8");

    private readonly Dictionary<string, RpcReply> _answers = new()
    {
        ["eth_chainId"] = Replies.Text("0x7a69"),
        ["eth_getCode"] = Replies.Text("0x6080"),
        ["eth_accounts"] = Replies.Result($"[\"{_account}\"]"),
        ["eth_getBalance"] = Replies.Text("0x1"),
        ["configuration"] = Replies.Text(Recorded("configuration")),
        ["token"] = Replies.Text(Recorded("token")),
        ["balanceOf"] = Replies.Text($"0x{1:x64}"),
    };

    [Fact]
    public async Task A_good_set_up_has_no_fault()
    {
        Assert.Null(await FindAsync());
        Assert.Equal(31_337UL, await ChainCheck.GetChainIdAsync(Node(), CancellationToken.None));
    }

    [Fact]
    public async Task The_wrong_chain_is_told()
    {
        _answers["eth_chainId"] = Replies.Text("0x1");

        Assert.Equal(
            new ChainFault(ChainFaultKind.WrongChain, "The node is of chain 1, not of chain 31337."),
            await FindAsync());
    }

    [Fact]
    public async Task No_contract_is_told()
    {
        _answers["eth_getCode"] = Replies.Text("0x");

        Assert.Equal(
            new ChainFault(ChainFaultKind.NoContract, $"There is no contract at {Recording.Marketplace}."),
            await FindAsync());
    }

    [Theory]
    [InlineData("configuration", "0x", "returned nothing")]
    [InlineData("configuration", "0x0000000000000000000000000000000000000000000000000000000000000001", "is 1, not 32")]
    [InlineData("token", "0x", "returned nothing")]
    public async Task A_contract_that_answers_otherwise_is_told(string function, string data, string said)
    {
        _answers[function] = Replies.Text(data);

        var fault = await FindAsync();

        Assert.Equal(ChainFaultKind.AnotherContract, fault?.Kind);
        Assert.StartsWith(
            $"The contract at {Recording.Marketplace} is no Marketplace: {function} of", fault?.Sentence,
            StringComparison.Ordinal);
        Assert.Contains(said, fault?.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "execution reverted")]
    [InlineData(-32000, "invalid opcode: INVALID")]
    public async Task A_contract_without_the_functions_is_told(int code, string message)
    {
        _answers["configuration"] = Replies.Error(code, message);

        Assert.Equal(ChainFaultKind.AnotherContract, (await FindAsync())?.Kind);
    }

    [Fact]
    public async Task A_key_of_another_account_is_told()
    {
        var meant = Recording.Marketplace;

        Assert.Equal(
            new ChainFault(ChainFaultKind.WrongSigner, $"The key is that of {_account}, not of {meant}."),
            await FindAsync(meant));
    }

    [Fact]
    public async Task A_signer_that_does_not_sign_for_the_account_is_told()
    {
        _answers["eth_accounts"] = Replies.Result("[]");

        Assert.Equal(ChainFaultKind.WrongSigner, (await FindAsync())?.Kind);
    }

    [Fact]
    public async Task An_empty_wallet_is_told()
    {
        _answers["eth_getBalance"] = Replies.Text("0x0");
        Assert.Equal(
            new ChainFault(ChainFaultKind.NoEther, $"The account {_account} has no ether to pay for gas."),
            await FindAsync());

        _answers["eth_getBalance"] = Replies.Text("0x1");
        _answers["balanceOf"] = Replies.Text($"0x{0:x64}");
        Assert.Equal(
            new ChainFault(
                ChainFaultKind.NoTokens,
                $"The account {_account} has no tokens of 0x5fbdb2315678afecb367f032d93f642f64180aa3 for collateral."),
            await FindAsync());
    }

    [Theory]
    [InlineData("eth_chainId")]
    [InlineData("eth_getCode")]
    [InlineData("configuration")]
    [InlineData("eth_getBalance")]
    [InlineData("balanceOf")]
    public async Task A_node_that_does_not_answer_is_no_fault_of_the_set_up(string question)
    {
        _answers[question] = new RpcNoAnswer("The node is not connected.", MayHaveArrived: false);

        var fault = await FindAsync();

        Assert.Equal(ChainFaultKind.Unavailable, fault?.Kind);
        Assert.EndsWith("The node is not connected.", fault?.Sentence, StringComparison.Ordinal);
    }

    private Task<ChainFault?> FindAsync(Address? account = null)
    {
        var node = Node();
        var signer = new NodeAccountSigner(node, _account);
        return new ChainCheck(node, Recording.Marketplace, signer, 31_337, account)
            .FindFaultAsync(CancellationToken.None);
    }

    private AnsweringTransport Node() => new(asked => _answers[asked.Method != "eth_call" ? asked.Method
        : Replies.CallDataOf(asked)[..10] switch
        {
            "0x6c70bee9" => "configuration",
            "0xfc0c546a" => "token",
            _ => "balanceOf",
        }]);

    private static string Recorded(string function) => RecordedCalls.Calls
        .First(call => call.GetProperty("function").GetString() == function)
        .GetProperty("response").GetProperty("result").GetString()!;
}
