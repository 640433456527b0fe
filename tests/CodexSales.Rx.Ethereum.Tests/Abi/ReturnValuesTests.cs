using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;

namespace CodexSales.Rx.Ethereum.Tests.Abi;

/// <summary>What is read of answers, against what another library read of them.</summary>
public sealed class ReturnValuesTests
{
    private static readonly Dictionary<string, Func<byte[], (string Value, string? Problem)>> _readings = new()
    {
        ["configuration"] = data => Read(data, ReturnValues.Configuration, Write),
        ["token"] = data => Read(data, ReturnValues.Address, Text),
        ["getRequest"] = data => Read(data, ReturnValues.Request, Write),
        ["requestState"] = data => Read(data, ReturnValues.RequestState, state => Text((int)state)),
        ["requestEnd"] = data => Read(data, ReturnValues.Time, Text),
        ["requestExpiry"] = data => Read(data, ReturnValues.Time, Text),
        ["mySlots"] = data => Read(data, ReturnValues.SlotIds, ids => $"[{string.Join(',', ids.Select(Text))}]"),
        ["getActiveSlot"] = data => Read(
            data, ReturnValues.ActiveSlot, active => $"[{Write(active.Request)},{Text(active.SlotIndex)}]"),
        ["slotState"] = data => Read(data, ReturnValues.SlotState, state => Text((int)state)),
        ["getHost"] = data => Read(data, ReturnValues.Address, Text),
        ["currentCollateral"] = data => Read(data, ReturnValues.Amount, Text),
        ["canReserveSlot"] = data => Read(data, ReturnValues.Boolean, Truth),
        ["isProofRequired"] = data => Read(data, ReturnValues.Boolean, Truth),
        ["willProofBeRequired"] = data => Read(data, ReturnValues.Boolean, Truth),
        ["getPointer"] = data => Read(data, ReturnValues.Byte, Text),
        ["getChallenge"] = data => Read(data, ReturnValues.Bytes32, Text),
    };

    private static readonly List<(string Function, byte[] Data, string Decoded)> _recorded =
    [
        .. RecordedCalls.Calls
            .Where(call => _readings.ContainsKey(call.GetProperty("function").GetString()!))
            .Where(call => call.GetProperty("response").TryGetProperty("result", out _))
            .Select(call => (
                call.GetProperty("function").GetString()!,
                Convert.FromHexString(call.GetProperty("response").GetProperty("result").GetString()![2..]),
                Compact(call.GetProperty("decoded")[0]))),
    ];

    [Fact]
    public void Answers_are_read_as_they_were_decoded()
    {
        Assert.Equal(122, _recorded.Count);
        Assert.Equal(_readings.Keys.Order(), _recorded.Select(call => call.Function).Distinct().Order());
        Assert.All(_recorded, call => Assert.Equal((call.Decoded, null), _readings[call.Function](call.Data)));
    }

    [Fact]
    public void A_request_that_is_read_has_the_id_that_it_was_asked_by()
    {
        var requests = RecordedCalls.Calls
            .Where(call => call.GetProperty("function").ValueEquals("getRequest"u8))
            .Where(call => call.GetProperty("response").TryGetProperty("result", out _))
            .ToList();

        Assert.Equal(7, requests.Count);
        Assert.All(requests, call =>
        {
            var data = new ReturnData(
                Convert.FromHexString(call.GetProperty("response").GetProperty("result").GetString()![2..]));
            var asked = new RequestId(RecordedCalls.Argument(RecordedCalls.CallDataOf(call)!, 0));

            Assert.Equal(asked, RequestId.Of(ReturnValues.Request(ref data)));
        });
    }

    [Fact]
    public void An_answer_that_is_cut_short_or_too_long_is_no_answer() => Assert.All(_recorded, call =>
    {
        for (var length = 0; length < call.Data.Length; length += 31)
        {
            Assert.NotNull(_readings[call.Function](call.Data[..length]).Problem);
        }

        Assert.NotNull(_readings[call.Function]([.. call.Data, 0]).Problem);
        Assert.NotNull(_readings[call.Function]([.. call.Data, .. new byte[32]]).Problem);
    });

    // Whatever byte is damaged: the value that is read is another one, or there is none. Never the same, never an
    // exception.
    [Fact]
    public void A_damaged_answer_is_never_read_as_if_it_were_whole()
    {
        var unnoticed = 0;
        foreach (var (function, data, decoded) in _recorded.DistinctBy(call => call.Function))
        {
            for (var place = 0; place < data.Length; place++)
            {
                var damaged = data.ToArray();
                damaged[place] ^= 0x81;
                var (value, problem) = _readings[function](damaged);
                unnoticed += value == decoded && problem is null ? 1 : 0;
            }
        }

        // The lowest bytes of the four numbers of the configuration that a host has no use for.
        Assert.Equal(4, unnoticed);
    }

    [Theory]
    [InlineData("requestState", 5)]
    [InlineData("slotState", 7)]
    [InlineData("isProofRequired", 2)]
    [InlineData("getPointer", 256)]
    public void A_number_that_the_type_does_not_have_is_no_answer(string function, int number)
    {
        var word = new byte[32];
        word[30] = (byte)(number >> 8);
        word[31] = (byte)(number & 0xff);

        Assert.NotNull(_readings[function](word).Problem);
    }

    [Fact]
    public void A_random_answer_never_throws()
    {
        var random = new Random(20261122);
        for (var round = 0; round < 20_000; round++)
        {
            var (function, data, _) = _recorded[random.Next(_recorded.Count)];
            var damaged = data.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            _readings[function](damaged[..random.Next(damaged.Length + 1)]);
        }
    }

    private static (string Value, string? Problem) Read<T>(byte[] bytes, ReturnValue<T> read, Func<T, string> write)
    {
        var data = new ReturnData(bytes);
        var value = read(ref data);
        return data.End() is { } problem ? ("", problem) : (write(value), null);
    }

    private static string Compact(JsonElement decoded) =>
        string.Concat(decoded.GetRawText().Where(character => !char.IsWhiteSpace(character))).ToLowerInvariant();

    private static string Text<T>(T value) => $"\"{value}\"";

    private static string Truth(bool value) => value ? "true" : "false";

    private static string Write(StorageRequest request)
    {
        var ask = request.Ask;
        var terms = $"[{Text(ask.ProofProbability)},{Text(ask.PricePerBytePerSecond)},{Text(ask.CollateralPerByte)},"
            + $"{Text(ask.Slots)},{Text(ask.SlotSizeBytes)},{Text(ask.DurationSeconds)},{Text(ask.MaxSlotLoss)}]";
        var content = $"[\"0x{Convert.ToHexStringLower(request.Cid.AsSpan())}\",{Text(request.MerkleRoot)}]";
        return $"[{Text(request.Client)},{terms},{content},{Text(request.ExpirySeconds)},{Text(request.Nonce)}]";
    }

    // What a host has no use for is checked, but not kept: 5 slashes of 10 %, 20 % for validators, a factor of 67.
    private static string Write(MarketplaceConfiguration configuration)
    {
        var rules = configuration.Rules;
        return $"[[{Text(rules.RepairRewardPercent)},\"5\",\"10\",\"20\"],"
            + $"[{Text(rules.ProofPeriodSeconds)},{Text(rules.ProofTimeoutSeconds)},{Text(rules.ProofDowntimeBlocks)},"
            + $"\"67\",\"\"],[{Text(configuration.MaxReservations)}],"
            + $"{Text(configuration.RequestDurationLimitSeconds)}]";
    }
}
