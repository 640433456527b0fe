using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>One event of each kind, with a different number in every field.</summary>
internal static class Samples
{
    public static readonly BlockStamp Block = new(0x1234_5678_9abc, new UnixSeconds(0x6b02_9d77))
    {
        Hash = LogText.BlockHashValue,
    };

    private static readonly RequestId _request = new(Keccak256.Hash("request"u8));

    public static IReadOnlyList<MarketEvent> Events { get; } =
    [
        new StorageRequested(
            Block,
            _request,
            new StorageAsk
            {
                ProofProbability = UInt256.MaxValue,
                PricePerBytePerSecond = UInt256.MaxValue / 3,
                CollateralPerByte = 5,
                Slots = ulong.MaxValue,
                SlotSizeBytes = 0x0102_0304_0506_0708,
                DurationSeconds = 1UL << 63,
                MaxSlotLoss = 0,
            },
            new UnixSeconds(ulong.MaxValue - 1)),
        new SlotFilled(Block, new SlotKey(_request, 3)),
        new SlotFreed(Block, new SlotKey(_request, ulong.MaxValue)),
        new SlotReservationsFull(Block, new SlotKey(_request, 0)),
        new RequestFulfilled(Block, _request),
        new RequestCancelled(Block, _request),
        new RequestFailed(Block, _request),
        new ProofSubmitted(Block, SlotId.Of(_request, 3)),
    ];

    public static MarketEvent Named(string name) => Events.Single(sample => sample.GetType().Name == name);

    /// <summary>The same event in memory of its own, ask included.</summary>
    public static MarketEvent Clone(MarketEvent sample) =>
        sample is StorageRequested asked ? asked with { Ask = asked.Ask with { } } : sample with { };
}
