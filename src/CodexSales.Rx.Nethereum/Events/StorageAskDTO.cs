using System.Numerics;
using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>What a client asks for. Source: the contract's struct <c>Ask</c>.</summary>
public sealed class StorageAskDTO
{
    /// <summary>A proof is wanted in one of so many periods, on average.</summary>
    [Parameter("uint256", "proofProbability", 1)]
    public BigInteger ProofProbability { get; set; }

    /// <summary>What a byte earns in a second, in the token's smallest unit.</summary>
    [Parameter("uint256", "pricePerBytePerSecond", 2)]
    public BigInteger PricePerBytePerSecond { get; set; }

    /// <summary>What a host puts down for a byte, in the token's smallest unit.</summary>
    [Parameter("uint256", "collateralPerByte", 3)]
    public BigInteger CollateralPerByte { get; set; }

    /// <summary>The number of slots.</summary>
    [Parameter("uint64", "slots", 4)]
    public ulong Slots { get; set; }

    /// <summary>The size of each slot, in bytes.</summary>
    [Parameter("uint64", "slotSize", 5)]
    public ulong SlotSize { get; set; }

    /// <summary>How long it is to be stored, in seconds.</summary>
    [Parameter("uint64", "duration", 6)]
    public ulong Duration { get; set; }

    /// <summary>How many slots may be lost before the request has failed.</summary>
    [Parameter("uint64", "maxSlotLoss", 7)]
    public ulong MaxSlotLoss { get; set; }
}
