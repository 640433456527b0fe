using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>What we ask of contracts, against what Nethereum writes for the same signature.</summary>
public sealed class CallsTests
{
    private const int RoundsOfEach = 60;

    private static readonly ContractFunction[] _ofNothing =
        [MarketplaceFunctions.Configuration, MarketplaceFunctions.Token, MarketplaceFunctions.MySlots];

    private static readonly ContractFunction[] _ofId =
    [
        MarketplaceFunctions.GetRequest, MarketplaceFunctions.RequestState, MarketplaceFunctions.RequestEnd,
        MarketplaceFunctions.RequestExpiry, MarketplaceFunctions.GetActiveSlot, MarketplaceFunctions.SlotState,
        MarketplaceFunctions.GetHost, MarketplaceFunctions.CurrentCollateral, MarketplaceFunctions.MissingProofs,
        MarketplaceFunctions.IsProofRequired, MarketplaceFunctions.WillProofBeRequired, MarketplaceFunctions.GetPointer,
        MarketplaceFunctions.GetChallenge, MarketplaceFunctions.FreeSlot,
    ];

    private static readonly ContractFunction[] _ofSlot = [MarketplaceFunctions.CanReserveSlot, MarketplaceFunctions.ReserveSlot];

    private static readonly ContractFunction[] _others =
    [
        MarketplaceFunctions.FillSlot, MarketplaceFunctions.SubmitProof, MarketplaceFunctions.FreeSlotTo,
        TokenFunctions.Approve, TokenFunctions.Allowance, TokenFunctions.BalanceOf,
    ];

    [Fact]
    public void Every_function_that_we_know_is_among_them() => Assert.Equal(
        new[] { typeof(MarketplaceFunctions), typeof(TokenFunctions) }
            .SelectMany(type => type.GetFields())
            .Where(field => field.FieldType == typeof(ContractFunction))
            .Select(field => ((ContractFunction)field.GetValue(null)!).Signature)
            .Order(StringComparer.Ordinal),
        _ofNothing.Concat(_ofId).Concat(_ofSlot).Concat(_others)
            .Select(function => function.Signature)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Calls_are_written_as_Nethereum_writes_them()
    {
        var draw = new Draw(19_001);
        Assert.All(_ofNothing, function => AssertSame(CallData.Of(function), function));
        for (var round = 0; round < RoundsOfEach; round++)
        {
            foreach (var function in _ofId)
            {
                var id = draw.Hash();
                AssertSame(CallData.Of(function, id), function, Draw.ToBytes(id));
            }

            var slot = draw.Slot();
            object[] theirSlot = [Draw.ToBytes(slot.RequestId.Value), slot.SlotIndex];
            Assert.All(_ofSlot, function => AssertSame(CallData.To(function).Add(slot).ToBytes(), function, theirSlot));

            var proof = Proof(draw);
            AssertSame(
                CallData.To(MarketplaceFunctions.FillSlot).Add(slot).Add(proof).ToBytes(),
                MarketplaceFunctions.FillSlot,
                [.. theirSlot, TheirAbiValues.Of(proof)]);
            AssertSame(
                CallData.To(MarketplaceFunctions.SubmitProof).Add(slot.SlotId.Value).Add(proof).ToBytes(),
                MarketplaceFunctions.SubmitProof,
                Draw.ToBytes(slot.SlotId.Value),
                TheirAbiValues.Of(proof));

            var (one, other, amount) = (draw.Address(), draw.Address(), draw.Number());
            AssertSame(
                CallData.To(MarketplaceFunctions.FreeSlotTo).Add(slot.SlotId.Value).Add(one).Add(other).ToBytes(),
                MarketplaceFunctions.FreeSlotTo,
                Draw.ToBytes(slot.SlotId.Value),
                $"{one}",
                $"{other}");
            AssertSame(
                CallData.To(TokenFunctions.Approve).Add(one).Add(amount).ToBytes(),
                TokenFunctions.Approve,
                $"{one}",
                Draw.ToBigInteger(amount));
            AssertSame(
                CallData.To(TokenFunctions.Allowance).Add(one).Add(other).ToBytes(), TokenFunctions.Allowance, $"{one}", $"{other}");
            AssertSame(CallData.To(TokenFunctions.BalanceOf).Add(one).ToBytes(), TokenFunctions.BalanceOf, $"{one}");
        }
    }

    [Fact]
    public void Ids_are_hashes_of_what_Nethereum_encodes()
    {
        var draw = new Draw(19_002);
        for (var round = 0; round < 300; round++)
        {
            var request = draw.Request();
            var encoded = TheirAbi.Encode($"({TheirAbiValues.Request})", [TheirAbiValues.Of(request)]);
            Assert.Equal(Keccak256.Hash(encoded), RequestId.Of(request).Value);

            var slot = draw.Slot();
            Assert.Equal(
                Keccak256.Hash(TheirAbi.Encode("(bytes32,uint64)", Draw.ToBytes(slot.RequestId.Value), slot.SlotIndex)),
                slot.SlotId.Value);
        }
    }

    private static void AssertSame(IEnumerable<byte> ours, ContractFunction function, params object[] values) =>
        Assert.Equal(TheirAbi.Call(function.Signature, values), ours);

    private static Groth16Proof Proof(Draw draw) => new(
        draw.Number(), draw.Number(), draw.Number(), draw.Number(), draw.Number(), draw.Number(), draw.Number(), draw.Number());
}
