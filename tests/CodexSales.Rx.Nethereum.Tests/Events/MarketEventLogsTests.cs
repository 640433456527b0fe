using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Nethereum.Events;
using CodexSales.Rx.Ports.Market;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;

namespace CodexSales.Rx.Nethereum.Tests.Events;

/// <summary>The stream of events as the logs of Nethereum.</summary>
public sealed class MarketEventLogsTests
{
    private static readonly Address _marketplace = Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0");

    private static readonly BlockStamp _block = new(16, new UnixSeconds(1_000)) { Hash = Bytes32.Parse($"0x{new string('b', 64)}") };

    private static readonly SlotKey _slot = new(new RequestId(Bytes32.Parse($"0x{new string('1', 64)}")), 3);

    [Fact]
    public void Events_of_one_type_come_in_order_and_those_taken_back_come_again()
    {
        using var events = new Subject<MarketEvent>();
        var logs = new List<EventLog<SlotFilledEventDTO>>();
        using var subscription = events.AsEventLogs<SlotFilledEventDTO>(_marketplace).Subscribe(logs.Add);
        var filled = new SlotFilled(_block, _slot);

        events.OnNext(new SlotFreed(_block, _slot));
        events.OnNext(filled);
        events.OnNext(new BlockTold(_block));
        events.OnNext(new Reverted(new BlockStamp(15, new UnixSeconds(990)), filled));

        Assert.Equal([false, true], logs.Select(log => log.Log.Removed));
        Assert.All(logs, log =>
        {
            Assert.Equal((_slot.RequestId.Value, 3UL), (new Bytes32(log.Event.RequestId), log.Event.SlotIndex));
            Assert.Equal(($"{_marketplace}", $"{_block.Hash}", 16), (log.Log.Address, log.Log.BlockHash, (int)log.Log.BlockNumber.Value));
            Assert.Null(log.Log.TransactionHash);
        });
    }

    [Fact]
    public void A_type_that_a_host_has_is_as_good()
    {
        using var events = new Subject<MarketEvent>();
        var logs = new List<EventLog<HostsOwnSlotFreed>>();
        using var subscription = events.AsEventLogs<HostsOwnSlotFreed>(_marketplace).Subscribe(logs.Add);

        events.OnNext(new SlotFilled(_block, _slot));
        events.OnNext(new SlotFreed(_block, _slot));

        Assert.Equal(_slot.RequestId.Value, new Bytes32(Assert.Single(logs).Event.RequestId));
    }

    [Fact]
    public void What_is_none_of_the_contracts_events_has_no_log() => Assert.Null(new BlockTold(_block).ToFilterLog(_marketplace));

    // As the code generator of Nethereum writes it.
    [Event("SlotFreed")]
    internal sealed class HostsOwnSlotFreed : IEventDTO
    {
        [Parameter("bytes32", "requestId", 1, true)]
        public byte[] RequestId { get; set; } = [];

        [Parameter("uint64", "slotIndex", 2, false)]
        public ulong SlotIndex { get; set; }
    }
}
