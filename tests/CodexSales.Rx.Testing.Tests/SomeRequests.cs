namespace CodexSales.Rx.Testing.Tests;

/// <summary>Requests for tests: each test changes what it is about.</summary>
internal static class SomeRequests
{
    public static readonly Address Client = Address.Parse("0x00000000000000000000000000000000000000c1");

    public static readonly StorageAsk Ask = new()
    {
        ProofProbability = 1,
        PricePerBytePerSecond = 2,
        CollateralPerByte = 3,
        Slots = 2,
        SlotSizeBytes = 1001,
        DurationSeconds = 36_000,
        MaxSlotLoss = 1,
    };

    public static readonly StorageRequest Request = new()
    {
        Client = Client,
        Ask = Ask,
        Cid = [1, 2, 3],
        MerkleRoot = default,
        ExpirySeconds = 3600,
        Nonce = default,
    };
}
