using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Node.Tests.Run;

/// <summary>A sale that an earlier run has left in its store: 4,096 bytes, hosted.</summary>
internal static class HostedSale
{
    public static SaleRecord Of(string availability) => new()
    {
        Number = 1,
        Terms = new SlotTerms
        {
            RequestId = new RequestId(Keccak256.Hash([1])),
            Ask = new StorageAsk
            {
                ProofProbability = 1,
                PricePerBytePerSecond = 2,
                CollateralPerByte = 1,
                Slots = 1,
                SlotSizeBytes = 4_096,
                DurationSeconds = 3_600,
                MaxSlotLoss = 0,
            },
            Reward = 1,
            Collateral = 4_096,
            ExpiresAt = new UnixSeconds(1_000),
            EndsAt = new UnixSeconds(4_000),
        },
        SlotIndex = 0,
        State = SaleStateName.SaleProving,
        StartedAt = default,
        At = default,
        HeldIn = new AvailabilityId(availability),
    };
}
