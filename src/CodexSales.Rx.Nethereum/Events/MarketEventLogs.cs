using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.Hex.HexTypes;
using Nethereum.RPC.Eth.DTOs;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>The events of the market as handlers of Nethereum take them.</summary>
public static class MarketEventLogs
{
    /// <summary>
    /// The events of one type, in their order; those that a reorganisation took back come again, with
    /// <see cref="FilterLog.Removed"/> set.
    /// </summary>
    /// <remarks>
    /// The type is one of this folder's, or one that was generated from the contract. A log has what an event is known by: the
    /// contract, the topics and data, the block. Which transaction wrote it, and its place in the block, are null. Costs some
    /// tens of microseconds an event; runs where the events are told.
    /// </remarks>
    /// <typeparam name="T">The type of an event: of another one than the contract's there is none.</typeparam>
    /// <param name="events">The events, such as <c>IMarket.Events</c>.</param>
    /// <param name="marketplace">The contract.</param>
    public static IObservable<EventLog<T>> AsEventLogs<T>(this IObservable<MarketEvent> events, Address marketplace)
        where T : IEventDTO, new()
    {
        ArgumentNullException.ThrowIfNull(events);
        return events
            .Select(happened => happened.ToFilterLog(marketplace))
            .Where(log => log is not null && log.IsLogForEvent<T>())
            .Select(log => log.DecodeEvent<T>());
    }

    /// <summary>The log that the contract wrote for an event; null for one that is none of the contract's.</summary>
    /// <inheritdoc cref="AsEventLogs{T}"/>
    public static FilterLog? ToFilterLog(this MarketEvent happened, Address marketplace)
    {
        ArgumentNullException.ThrowIfNull(happened);
        var original = happened is Reverted reverted ? reverted.Original : happened;
        return EventWords.Of(original) is not { } words ? null : new FilterLog
        {
            Address = $"{marketplace}",
            BlockHash = $"{original.Block.Hash}",
            BlockNumber = new HexBigInteger(original.Block.Number),
            Removed = happened is Reverted,
            Topics = [.. words.Topics.Select(topic => $"{topic}")],
            Data = $"0x{Convert.ToHexStringLower(words.Data.ToBytes().AsSpan())}",
        };
    }
}
