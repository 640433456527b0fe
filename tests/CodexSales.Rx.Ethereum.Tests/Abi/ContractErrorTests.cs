using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;

namespace CodexSales.Rx.Ethereum.Tests.Abi;

public sealed class ContractErrorTests
{
    // An ERC20InsufficientAllowance(0x11…, 5, 6).
    private static readonly string _shortfall = $"0xfb8f41b2{Word(new string('1', 40))}{Word("5")}{Word("6")}";

    // An Error("not today").
    private static readonly string _text =
        $"0x08c379a0{Word("20")}{Word("9")}{Convert.ToHexStringLower("not today"u8),-64}".Replace(' ', '0');

    [Fact]
    public void Errors_are_those_that_the_contract_lists()
    {
        using var summary = Recording.Open("summary.json");
        var listed = summary.RootElement.GetProperty("errorSelectors").EnumerateObject()
            .Select(entry => (entry.Name, entry.Value.GetString()!))
            .Order();

        Assert.Equal(listed, DeclaredErrors.All
            .Where(error => !error.Name.StartsWith("ERC20", StringComparison.Ordinal))
            .Select(error => (error.Function.Signature, SelectorOf(error)))
            .Order());
    }

    [Theory]
    [InlineData("ERC20InsufficientAllowance", "0xfb8f41b2")]
    [InlineData("ERC20InsufficientBalance", "0xe450d38c")]
    [InlineData("ERC20InvalidApprover", "0xe602df05")]
    [InlineData("ERC20InvalidReceiver", "0xec442f05")]
    [InlineData("ERC20InvalidSender", "0x96c6fd1e")]
    [InlineData("ERC20InvalidSpender", "0x94280d62")]
    public void The_tokens_errors_are_those_of_erc6093(string name, string selector) =>
        Assert.Equal(selector, SelectorOf(DeclaredErrors.All.Single(error => error.Name == name)));

    [Fact]
    public void Each_recorded_revert_is_named_as_it_was_decoded()
    {
        var reverts = RecordedCalls.Errors
            .Where(error => error.TryGetProperty("decodedError", out var name) && name.GetString() is not null)
            .ToList();

        Assert.Equal(74, reverts.Count);
        Assert.All(reverts, recorded =>
        {
            var reply = Assert.IsType<RpcError>(Replies.Of(recorded.GetProperty("response")));
            var expected = recorded.GetProperty("decodedError").GetString()!;

            var name = RevertData.FindError(reply) switch
            {
                CustomError custom => custom.Declared.Name,
                TokenShortfall shortfall => shortfall.Declared.Name,
                Panic panic => panic.Code == 0x11 ? "Panic" : "",
                var other => $"{other}",
            };
            Assert.Equal(expected, name);
        });
    }

    [Fact]
    public void An_error_of_the_node_is_no_revert()
    {
        var errors = RecordedCalls.Errors
            .Where(error => error.GetProperty("response").TryGetProperty("error", out var answer)
                && answer.GetProperty("code").GetInt32() != 3)
            .ToList();

        Assert.Equal(11, errors.Count);
        Assert.All(errors, recorded =>
            Assert.Null(RevertData.FindError((RpcError)Replies.Of(recorded.GetProperty("response")))));
    }

    [Theory]
    [InlineData("SlotReservations_ReservationNotAllowed", MarketRefusal.ReservationNotAllowed)]
    [InlineData("Marketplace_ReservationRequired", MarketRefusal.ReservationRequired)]
    [InlineData("Marketplace_SlotNotFree", MarketRefusal.SlotNotFree)]
    [InlineData("Marketplace_SlotIsFree", MarketRefusal.SlotIsFree)]
    [InlineData("Marketplace_InvalidSlotHost", MarketRefusal.NotTheHost)]
    [InlineData("Marketplace_ProofNotSubmittedByHost", MarketRefusal.NotTheHost)]
    [InlineData("Marketplace_AlreadyPaid", MarketRefusal.AlreadyPaid)]
    [InlineData("Marketplace_UnknownRequest", MarketRefusal.UnknownRequest)]
    [InlineData("Marketplace_InvalidSlot", MarketRefusal.InvalidSlot)]
    [InlineData("Proofs_InvalidProof", MarketRefusal.InvalidProof)]
    [InlineData("Proofs_ProofAlreadySubmitted", MarketRefusal.ProofAlreadySubmitted)]
    [InlineData("ERC20InsufficientBalance", MarketRefusal.InsufficientFunds)]
    [InlineData("ERC20InsufficientAllowance", MarketRefusal.InsufficientFunds)]
    [InlineData("Marketplace_StartNotBeforeExpiry", MarketRefusal.StartNotBeforeExpiry)]
    [InlineData("Marketplace_SlotNotAcceptingProofs", MarketRefusal.Other)]
    public void A_refusal_names_its_error(string name, MarketRefusal refusal)
    {
        var declared = DeclaredErrors.All.Single(error => error.Name == name);

        var error = ContractError.Of(declared.Selector.Span);

        Assert.Equal(refusal, error.Refusal);
        Assert.StartsWith(name, error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_but_other_has_an_error() => Assert.Equal(
        Enum.GetValues<MarketRefusal>().Order(),
        DeclaredErrors.All.Select(error => error.Refusal).Distinct().Order());

    [Fact]
    public void A_shortfall_tells_what_is_there_and_what_is_needed()
    {
        var error = Assert.IsType<TokenShortfall>(ContractError.Of(Convert.FromHexString(_shortfall[2..])));

        Assert.Equal(5UL, error.Has);
        Assert.Equal(6UL, error.Needs);
        Assert.True(error.IsOfAllowance);
        Assert.Equal(Address.Parse($"0x{new string('1', 40)}"), error.Account);
        Assert.Contains("6 are needed, 5 are there", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_is_read() =>
        Assert.Equal(new RevertText("not today"), ContractError.Of(Convert.FromHexString(_text[2..])));

    [Theory]
    [InlineData("")]
    [InlineData("08c379")]
    [InlineData("08c379a0")]
    [InlineData("4e487b7100")]
    public void A_revert_that_says_too_little_has_no_reason(string data) =>
        Assert.Equal(new BareRevert(), ContractError.Of(Convert.FromHexString(data)));

    [Fact]
    public void An_error_that_nobody_declares_is_told_by_its_selector() =>
        Assert.Equal(new UndeclaredError("12345678"), ContractError.Of([0x12, 0x34, 0x56, 0x78, 0x9a]));

    // Where nodes put the data of a revert.
    [Theory]
    [InlineData(3, "execution reverted", "\"0xff556acf\"")]
    [InlineData(-32000, "execution reverted", "\"0xff556acf\"")]
    [InlineData(-32015, "VM execution error.", "\"Reverted 0xff556acf\"")]
    [InlineData(
        -32603,
        "Error: VM Exception while processing",
        """{"message":"m","txHash":"0xaaaaaaaaaa","data":"0xff556acf"}""")]
    [InlineData(-32000, "VM Exception", """{"hash":"0xaaaaaaaaaa","result":"0xff556acf","reason":"r"}""")]
    [InlineData(-32603, "Internal error", """{"originalError":{"code":3,"data":"0xff556acf"}}""")]
    [InlineData(3, "execution reverted: custom error 0xff556acf", null)]
    public void The_data_of_a_revert_is_found(int code, string message, string? data) => Assert.Equal(
        MarketRefusal.SlotNotFree, RevertData.FindError(Replies.Error(code, message, data))?.Refusal);

    [Theory]
    [InlineData(-32015, "VM execution error.", "\"Reverted 0x\"")]
    [InlineData(-32015, "VM execution error.", "\"Bad instruction 0xfe\"")]
    [InlineData(-32000, "Execution reverted", "\"0x\"")]
    public void A_revert_is_one_whatever_its_code(int code, string message, string data) =>
        Assert.Equal(new BareRevert(), RevertData.FindError(Replies.Error(code, message, data)));

    [Theory]
    [InlineData(-32000, "nonce too low", "\"0x12345678\"")]
    [InlineData(-32000, "the moon is not right", """{"traceId":"0xabcdef0123"}""")]
    [InlineData(-32603, "internal error", """{"request":{"data":"0x128276020000000000"}}""")]
    [InlineData(-32015, "VM execution error.", "\"OutOfGas\"")]
    [InlineData(3, "not enough balance to cover the fee. error message: 0x", "\"0x\"")]
    [InlineData(3, "known transaction. transaction with hash 0x6013 is already in the system", "\"0x\"")]
    [InlineData(-32603, "internal error", "\"0xff556acf00\"")]
    [InlineData(-32603, "internal error", "\"0x\\ud800\"")]
    public void Digits_beside_an_error_make_it_no_revert(int code, string message, string data) =>
        Assert.Null(RevertData.FindError(Replies.Error(code, message, data)));

    [Fact]
    public void The_arguments_of_an_error_are_found_in_a_message_without_data()
    {
        var message = $"execution reverted: custom error {_shortfall[..10]}: {_shortfall[10..]}";

        Assert.IsType<TokenShortfall>(RevertData.FindError(Replies.Error(3, message)));
    }

    [Fact]
    public void A_text_is_found_in_a_message_without_data() => Assert.Equal(
        new RevertText("not today"), RevertData.FindError(Replies.Error(-32000, "execution reverted: not today")));

    [Fact]
    public void A_call_of_what_is_no_function_reverts_without_a_reason() => Assert.Equal(
        new BareRevert(), RevertData.FindError(Replies.Error(-32000, "invalid opcode: INVALID")));

    [Theory]
    [InlineData("\"0x\"")]
    [InlineData("null")]
    [InlineData("[1")]
    [InlineData("{\"data\":{\"data\":{}}}")]
    public void A_revert_without_data_has_no_reason(string data) =>
        Assert.Equal(new BareRevert(), RevertData.FindError(Replies.Error(3, "execution reverted", data)));

    [Fact]
    public void Random_data_never_throws()
    {
        var random = new Random(20261122);
        foreach (var selector in DeclaredErrors.All.Select(error => error.Selector.ToArray())
            .Append([0x08, 0xc3, 0x79, 0xa0]).Append([0x4e, 0x48, 0x7b, 0x71]))
        {
            for (var round = 0; round < 200; round++)
            {
                var arguments = new byte[random.Next(140)];
                random.NextBytes(arguments);
                Assert.NotEmpty(ContractError.Of([.. selector, .. arguments]).Text);
            }
        }
    }

    private static string SelectorOf(DeclaredError error) => $"0x{Convert.ToHexStringLower(error.Selector.Span)}";

    private static string Word(string digits) => digits.PadLeft(64, '0');
}
