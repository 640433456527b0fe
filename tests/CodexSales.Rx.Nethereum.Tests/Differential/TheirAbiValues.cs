using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Values of ours as Nethereum takes them for the types of the contract.</summary>
internal static class TheirAbiValues
{
    public const string Ask = "(uint256,uint256,uint256,uint64,uint64,uint64,uint64)";
    public const string Request = $"(address,{Ask},(bytes,bytes32),uint64,bytes32)";

    public static object[] Of(StorageAsk ask) =>
    [
        Draw.ToBigInteger(ask.ProofProbability), Draw.ToBigInteger(ask.PricePerBytePerSecond), Draw.ToBigInteger(ask.CollateralPerByte),
        ask.Slots, ask.SlotSizeBytes, ask.DurationSeconds, ask.MaxSlotLoss,
    ];

    public static object[] Of(StorageRequest request) =>
    [
        $"{request.Client}", Of(request.Ask), new object[] { request.Cid.ToArray(), Draw.ToBytes(request.MerkleRoot) },
        request.ExpirySeconds, Draw.ToBytes(request.Nonce),
    ];

    public static object[] Of(Groth16Proof proof) =>
    [
        Pair(proof.AX, proof.AY),
        new object[] { Pair(proof.BXReal, proof.BXImaginary), Pair(proof.BYReal, proof.BYImaginary) },
        Pair(proof.CX, proof.CY),
    ];

    private static object[] Pair(UInt256 first, UInt256 second) => [Draw.ToBigInteger(first), Draw.ToBigInteger(second)];
}
