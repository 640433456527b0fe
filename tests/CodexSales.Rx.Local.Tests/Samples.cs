using System.Collections.Immutable;

namespace CodexSales.Rx.Local.Tests;

internal static class Samples
{
    public static readonly SlotKey Slot = new(
        RequestId.Parse("0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"), 3);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static SlotDownload Download(ulong size, SlotKey? slot = null, ImmutableArray<byte>? cid = null) => new(
        slot ?? Slot,
        new StorageRequest
        {
            Client = Address.Parse("0x4444444444444444444444444444444444444444"),
            Ask = new StorageAsk
            {
                ProofProbability = 4,
                PricePerBytePerSecond = UInt256.MaxValue,
                CollateralPerByte = 1,
                Slots = ulong.MaxValue,
                SlotSizeBytes = size,
                DurationSeconds = 86_400,
                MaxSlotLoss = 1,
            },
            Cid = cid ?? [.. "yes mani !"u8],
            MerkleRoot = default,
            ExpirySeconds = 3_600,
            Nonce = Bytes32.Parse("0xffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"),
        },
        new UnixSeconds(1_800_000_000),
        IsRepair: false);

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
