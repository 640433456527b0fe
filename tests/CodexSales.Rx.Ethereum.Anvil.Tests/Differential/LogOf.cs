using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.Recorded;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Differential;

/// <summary>Writes events as the contract logs them, without its address: topics, then data.</summary>
internal static class LogOf
{
    private static readonly Dictionary<string, string> Topics = RecordedRun.Names("eventTopics")
        .ToDictionary(pair => pair.Key.Split('(')[0], pair => pair.Value);

    public static string Event(MarketEvent happened) => happened switch
    {
        StorageRequested requested => Log(requested, [], Words().Add(requested.RequestId.Value)
            .Add(requested.Ask.ProofProbability)
            .Add(requested.Ask.PricePerBytePerSecond)
            .Add(requested.Ask.CollateralPerByte)
            .Add(requested.Ask.Slots)
            .Add(requested.Ask.SlotSizeBytes)
            .Add(requested.Ask.DurationSeconds)
            .Add(requested.Ask.MaxSlotLoss)
            .Add(requested.ExpiresAt.Value)),
        SlotFilled { Slot: var slot } => Log(happened, [slot.RequestId], Words().Add(slot.SlotIndex)),
        SlotFreed { Slot: var slot } => Log(happened, [slot.RequestId], Words().Add(slot.SlotIndex)),
        SlotReservationsFull { Slot: var slot } => Log(happened, [slot.RequestId], Words().Add(slot.SlotIndex)),
        RequestFulfilled { RequestId: var id } => Log(happened, [id], Words()),
        RequestFailed { RequestId: var id } => Log(happened, [id], Words()),
        RequestCancelled { RequestId: var id } => Log(happened, [id], Words()),
        ProofSubmitted { SlotId: var id } => Log(happened, [], Words().Add(id.Value)),
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    public static string Receipt(ContractLog log) => $"{string.Join(' ', log.Topics)} {log.Data}";

    private static string Log(MarketEvent happened, RequestId[] indexed, CallData data) =>
        string.Join(' ', [Topics[happened.GetType().Name], .. indexed.Select(id => id.ToString()), data.ToString()]);

    private static CallData Words() => CallData.Constructor();
}
