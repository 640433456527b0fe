namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>Reads one value of a call's result; the data keeps the problem.</summary>
internal delegate T ReturnValue<out T>(ref ReturnData data);

/// <summary>The values that the contract's functions return.</summary>
/// <remarks>Source: <c>Requests.sol</c>, <c>Configuration.sol</c>.</remarks>
internal static class ReturnValues
{
    private const int CollateralWords = 4;
    private const int ProofWords = 5;
    private const int AskWords = 7;

    public static bool Boolean(ref ReturnData data) => data.TakeBoolean();

    public static ulong Number(ref ReturnData data) => data.TakeNumber();

    public static byte Byte(ref ReturnData data) => data.TakeByte();

    public static UnixSeconds Time(ref ReturnData data) => new(data.TakeNumber());

    public static UInt256 Amount(ref ReturnData data) => data.TakeUInt256();

    public static Bytes32 Bytes32(ref ReturnData data) => data.TakeBytes32();

    public static Address Address(ref ReturnData data) => data.TakeAddress();

    public static SlotState SlotState(ref ReturnData data) =>
        (SlotState)data.TakeNumber((ulong)Domain.SlotState.Repair);

    public static RequestState RequestState(ref ReturnData data) =>
        (RequestState)data.TakeNumber((ulong)Domain.RequestState.Failed);

    public static StorageRequest Request(ref ReturnData data)
    {
        data.TakeOffset(words: 1);
        return RequestTuple(ref data);
    }

    /// <summary>The request and index of a slot: <c>ActiveSlot</c>.</summary>
    public static (StorageRequest Request, ulong SlotIndex) ActiveSlot(ref ReturnData data)
    {
        data.TakeOffset(words: 1);
        data.TakeOffset(words: 2);
        var slotIndex = data.TakeNumber();
        return (RequestTuple(ref data), slotIndex);
    }

    public static IReadOnlyList<SlotId> SlotIds(ref ReturnData data)
    {
        data.TakeOffset(words: 1);
        var ids = new SlotId[data.TakeArrayLength()];
        for (var index = 0; index < ids.Length; index++)
        {
            ids[index] = new SlotId(data.TakeBytes32());
        }

        return ids;
    }

    public static MarketplaceConfiguration Configuration(ref ReturnData data)
    {
        data.TakeOffset(words: 1);
        var repairRewardPercent = (byte)data.TakeNumber(limit: 100);
        var maxMissedProofs = data.TakeByte();
        for (var passedOver = 2; passedOver < CollateralWords; passedOver++)
        {
            data.TakeByte();
        }

        data.TakeOffset(words: CollateralWords + 3);
        var maxReservations = data.TakeByte();
        var durationLimit = data.TakeNumber();

        // ProofConfig: period, timeout, downtime, downtime product, and the hash of a key, which is a string.
        var rules = new MarketRules
        {
            RepairRewardPercent = repairRewardPercent,
            MaxMissedProofs = maxMissedProofs,
            ProofPeriodSeconds = data.TakeNumber(),
            ProofTimeoutSeconds = data.TakeNumber(),
            ProofDowntimeBlocks = data.TakeByte(),
        };
        data.TakeByte();
        data.TakeOffset(ProofWords);
        data.TakeBytes();
        return new MarketplaceConfiguration
        {
            Rules = rules,
            MaxReservations = maxReservations,
            RequestDurationLimitSeconds = durationLimit,
        };
    }

    private static StorageRequest RequestTuple(ref ReturnData data)
    {
        var client = data.TakeAddress();
        var ask = Ask(ref data);
        data.TakeOffset(words: 1 + AskWords + 3);
        var expiry = data.TakeNumber();
        var nonce = data.TakeBytes32();
        data.TakeOffset(words: 2);
        var merkleRoot = data.TakeBytes32();
        return new StorageRequest
        {
            Client = client,
            Ask = ask,
            Cid = [.. data.TakeBytes()],
            MerkleRoot = merkleRoot,
            ExpirySeconds = expiry,
            Nonce = nonce,
        };
    }

    // Initializers run in the order in which they are written: that of the words.
    private static StorageAsk Ask(ref ReturnData data) => new()
    {
        ProofProbability = data.TakeUInt256(),
        PricePerBytePerSecond = data.TakeUInt256(),
        CollateralPerByte = data.TakeUInt256(),
        Slots = data.TakeNumber(),
        SlotSizeBytes = data.TakeNumber(),
        DurationSeconds = data.TakeNumber(),
        MaxSlotLoss = data.TakeNumber(),
    };
}
