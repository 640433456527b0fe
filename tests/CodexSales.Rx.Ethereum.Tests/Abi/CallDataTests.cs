using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Ethereum.Tests.Abi;

/// <summary>What is sent, against the bytes that another library sent, and against the contract's own list.</summary>
public sealed class CallDataTests
{
    private static readonly Groth16Proof _recordedProof = new(1, 2, 3, 4, 5, 6, 7, 8);

    private static readonly Dictionary<string, Func<string, AbiWords>> _encodings = Encodings()
        .ToDictionary(entry => $"0x{Convert.ToHexStringLower(entry.Function.GetSelector())}", entry => entry.Encode);

    [Fact]
    public void Calls_are_written_as_they_were_recorded()
    {
        var recorded = RecordedCalls.Calls.Concat(RecordedCalls.Errors)
            .Select(RecordedCalls.CallDataOf)
            .OfType<string>()
            .Where(data => _encodings.ContainsKey(data[..10]))
            .ToList();

        Assert.Equal(163, recorded.Count);
        Assert.All(recorded, data => Assert.Equal(
            data,
            $"0x{Convert.ToHexStringLower(_encodings[data[..10]](data).ToBytes().AsSpan())}"));
    }

    [Fact]
    public void Selectors_are_those_that_the_contract_lists()
    {
        using var summary = Recording.Open("summary.json");
        var listed = summary.RootElement.GetProperty("functionSelectors").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetString());

        Assert.All(Encodings().Select(entry => entry.Function), function => Assert.Equal(
            listed[function.Signature], $"0x{Convert.ToHexStringLower(function.GetSelector())}"));
    }

    [Theory]
    [InlineData("0x095ea7b3", "approve(address,uint256)")]
    [InlineData("0xdd62ed3e", "allowance(address,address)")]
    [InlineData("0x70a08231", "balanceOf(address)")]
    public void The_tokens_selectors_are_those_of_erc20(string selector, string signature)
    {
        ContractFunction[] functions = [TokenFunctions.Approve, TokenFunctions.Allowance, TokenFunctions.BalanceOf];

        var function = Assert.Single(functions, function => function.Signature == signature);

        Assert.Equal(selector, $"0x{Convert.ToHexStringLower(function.GetSelector())}");
    }

    [Fact]
    public void An_address_and_an_amount_are_padded_on_the_left()
    {
        var data = CallData.To(TokenFunctions.Approve)
            .Add(Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0"))
            .Add(UInt256.MaxValue)
            .ToBytes();

        Assert.Equal(
            $"095ea7b3{new string('0', 24)}9fe46736679d2d9a65f0992f2272de9f3c7fa6e0{new string('f', 64)}",
            Convert.ToHexStringLower(data.AsSpan()));
    }

    private static IEnumerable<(ContractFunction Function, Func<string, AbiWords> Encode)> Encodings()
    {
        ContractFunction[] ofNothing =
            [MarketplaceFunctions.Configuration, MarketplaceFunctions.Token, MarketplaceFunctions.MySlots];
        ContractFunction[] ofId =
        [
            MarketplaceFunctions.GetRequest, MarketplaceFunctions.RequestState, MarketplaceFunctions.RequestEnd,
            MarketplaceFunctions.RequestExpiry, MarketplaceFunctions.GetActiveSlot, MarketplaceFunctions.SlotState,
            MarketplaceFunctions.GetHost, MarketplaceFunctions.IsProofRequired, MarketplaceFunctions.WillProofBeRequired,
            MarketplaceFunctions.GetPointer, MarketplaceFunctions.GetChallenge, MarketplaceFunctions.FreeSlot,
        ];
        ContractFunction[] ofSlot = [MarketplaceFunctions.CanReserveSlot, MarketplaceFunctions.ReserveSlot];
        return
        [
            .. ofNothing.Select(function => (function, (Func<string, AbiWords>)(_ => CallData.To(function)))),
            .. ofId.Select(function => (
                function,
                (Func<string, AbiWords>)(data => CallData.To(function).Add(RecordedCalls.Argument(data, 0))))),
            .. ofSlot.Select(function => (
                function, (Func<string, AbiWords>)(data => CallData.To(function).Add(SlotOf(data))))),
            (
                MarketplaceFunctions.FillSlot,
                data => CallData.To(MarketplaceFunctions.FillSlot).Add(SlotOf(data)).Add(ProofIn(data, from: 2))),
            (
                MarketplaceFunctions.SubmitProof,
                data => CallData.To(MarketplaceFunctions.SubmitProof)
                    .Add(RecordedCalls.Argument(data, 0)).Add(ProofIn(data, from: 1))),
        ];
    }

    private static SlotKey SlotOf(string data) =>
        new(new RequestId(RecordedCalls.Argument(data, 0)), RecordedCalls.Number(data, 1));

    // Two proofs were recorded: the numbers from 1 to 8, and eight zeros.
    private static Groth16Proof ProofIn(string data, int from) =>
        RecordedCalls.Number(data, from) == 0 ? new Groth16Proof(0, 0, 0, 0, 0, 0, 0, 0) : _recordedProof;
}
