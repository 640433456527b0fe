using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>What contracts answer, as Nethereum writes it, read by us.</summary>
public sealed class AnswersTests
{
    private const int RoundsOfEach = 120;

    private delegate object? Reading(ref ReturnData data);

    [Fact]
    public void Plain_values_are_read_as_they_were_written()
    {
        var draw = new Draw(19_003);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (amount, number, hash, address, isSo) = (draw.Number(), draw.Long(), draw.Hash(), draw.Address(), draw.Chance());
            var small = (byte)draw.Below(256);
            AssertRead(amount, (ref data) => ReturnValues.Amount(ref data), "(uint256)", Draw.ToBigInteger(amount));
            AssertRead(number, (ref data) => ReturnValues.Number(ref data), "(uint64)", number);
            AssertRead(new UnixSeconds(number), (ref data) => ReturnValues.Time(ref data), "(uint64)", number);
            AssertRead(small, (ref data) => ReturnValues.Byte(ref data), "(uint8)", small);
            AssertRead(hash, (ref data) => ReturnValues.Bytes32(ref data), "(bytes32)", Draw.ToBytes(hash));
            AssertRead(address, (ref data) => ReturnValues.Address(ref data), "(address)", $"{address}");
            AssertRead(isSo, (ref data) => ReturnValues.Boolean(ref data), "(bool)", isSo);
            AssertRead((SlotState)(small % 7), (ref data) => ReturnValues.SlotState(ref data), "(uint8)", (byte)(small % 7));
            AssertRead((RequestState)(small % 5), (ref data) => ReturnValues.RequestState(ref data), "(uint8)", (byte)(small % 5));
        }
    }

    [Fact]
    public void Requests_and_slots_are_read_as_they_were_written()
    {
        var draw = new Draw(19_004);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (request, index) = (draw.Request(), draw.Long());
            AssertRead(
                Text(request), (ref data) => Text(ReturnValues.Request(ref data)), $"({TheirAbiValues.Request})",
                [TheirAbiValues.Of(request)]);
            AssertRead(
                (Text(request), index),
                (ref data) => ReturnValues.ActiveSlot(ref data) is var (read, place) ? (Text(read), place) : null,
                $"(({TheirAbiValues.Request},uint64))",
                [new object[] { TheirAbiValues.Of(request), index }]);

            List<Bytes32> ids = [.. Enumerable.Range(0, draw.Below(12)).Select(_ => draw.Hash())];
            AssertRead(
                string.Join(' ', ids), (ref data) => string.Join(' ', ReturnValues.SlotIds(ref data)), "(bytes32[])",
                [ids.ConvertAll(Draw.ToBytes)]);
        }
    }

    [Fact]
    public void The_configuration_is_read_as_it_was_written()
    {
        var draw = new Draw(19_005);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (percent, missed, downtime, most) =
                ((byte)draw.Below(101), (byte)draw.Below(256), (byte)draw.Below(256), (byte)draw.Below(256));
            var (period, timeout, longest) = (draw.Long(), draw.Long(), draw.Long());
            var key = new string('k', draw.Below(90));
            AssertRead(
                (percent, missed, period, timeout, downtime, most, longest),
                (ref data) => ReturnValues.Configuration(ref data) is var read
                    ? (read.Rules.RepairRewardPercent, read.Rules.MaxMissedProofs, read.Rules.ProofPeriodSeconds,
                        read.Rules.ProofTimeoutSeconds, read.Rules.ProofDowntimeBlocks, read.MaxReservations,
                        read.RequestDurationLimitSeconds)
                    : null,
                "(((uint8,uint8,uint8,uint8),(uint64,uint64,uint8,uint8,string),(uint8),uint64))",
                [new object[]
                {
                    new object[] { percent, missed, (byte)draw.Below(101), (byte)draw.Below(101) },
                    new object[] { period, timeout, downtime, (byte)draw.Below(256), key },
                    new object[] { most },
                    longest,
                }]);
        }
    }

    [Fact]
    public void Errors_are_known_by_what_Nethereum_writes()
    {
        var draw = new Draw(19_006);
        foreach (var error in DeclaredErrors.All)
        {
            var signature = error.Function.Signature;
            var (account, has, needs) = (draw.Address(), draw.Number(), draw.Number());
            object[] values = error.IsShortfall ? [$"{account}", Draw.ToBigInteger(has), Draw.ToBigInteger(needs)]
                : signature.EndsWith("(address)", StringComparison.Ordinal) ? [$"{account}"]
                : [];
            Assert.Equal(
                error.IsShortfall ? new TokenShortfall(error, account, has, needs) : new CustomError(error),
                ContractError.Of(TheirAbi.Call(signature, values)));
        }

        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (text, code) = (new string((char)('a' + draw.Below(26)), draw.Below(150)), draw.Number());
            Assert.Equal(new RevertText(text), ContractError.Of(TheirAbi.Call("Error(string)", text)));
            Assert.Equal(new Panic(code), ContractError.Of(TheirAbi.Call("Panic(uint256)", Draw.ToBigInteger(code))));
        }
    }

    private static void AssertRead(object? written, Reading read, string types, params object[] values)
    {
        var data = new ReturnData(TheirAbi.Encode(types, values));
        var value = read(ref data);
        Assert.Null(data.End());
        Assert.Equal(written, value);
    }

    // A record compares its arrays by reference.
    private static string Text(StorageRequest request) =>
        $"{request with { Cid = [] }} {Convert.ToHexString(request.Cid.AsSpan())} {request.Ask}";
}
