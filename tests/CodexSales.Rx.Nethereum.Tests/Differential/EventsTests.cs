using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Nethereum.Events;
using CodexSales.Rx.Ports.Market;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.Contracts;
using Nethereum.RPC.Eth.DTOs;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Each event of the contract, from us to Nethereum's decoder and from its encoder to ours.</summary>
public sealed class EventsTests
{
    private const int RoundsOfEach = 150;

    private static readonly Address _marketplace = Address.Parse("0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0");

    [Fact]
    public void Topics_are_those_of_the_types_of_Nethereum()
    {
        var theirs = new Dictionary<string, string>
        {
            ["StorageRequested"] = TopicOf<StorageRequestedEventDTO>(),
            ["SlotFilled"] = TopicOf<SlotFilledEventDTO>(),
            ["SlotFreed"] = TopicOf<SlotFreedEventDTO>(),
            ["SlotReservationsFull"] = TopicOf<SlotReservationsFullEventDTO>(),
            ["RequestFulfilled"] = TopicOf<RequestFulfilledEventDTO>(),
            ["RequestCancelled"] = TopicOf<RequestCancelledEventDTO>(),
            ["RequestFailed"] = TopicOf<RequestFailedEventDTO>(),
            ["ProofSubmitted"] = TopicOf<ProofSubmittedEventDTO>(),
        };

        Assert.Equal(MarketplaceEvent.All.ToDictionary(shape => shape.Name, shape => $"{shape.Topic}"), theirs);
    }

    [Fact]
    public void Requests_are_read_alike()
    {
        var draw = new Draw(19_007);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var asked = new StorageRequested(draw.Block(), new RequestId(draw.Hash()), draw.Ask(), new UnixSeconds(draw.Long()));
            var read = AssertAlike<StorageRequestedEventDTO>(
                asked,
                TheirAbi.Encode(
                    $"(bytes32,{TheirAbiValues.Ask},uint64)",
                    Draw.ToBytes(asked.RequestId.Value), TheirAbiValues.Of(asked.Ask), asked.ExpiresAt.Value));
            Assert.Equal(
                (asked.RequestId.Value, asked.Ask.Slots, asked.Ask.SlotSizeBytes, asked.Ask.DurationSeconds, asked.Ask.MaxSlotLoss,
                    asked.ExpiresAt.Value),
                (new Bytes32(read.RequestId), read.Ask.Slots, read.Ask.SlotSize, read.Ask.Duration, read.Ask.MaxSlotLoss, read.Expiry));
            Assert.Equal(
                [asked.Ask.ProofProbability, asked.Ask.PricePerBytePerSecond, asked.Ask.CollateralPerByte],
                new[] { read.Ask.ProofProbability, read.Ask.PricePerBytePerSecond, read.Ask.CollateralPerByte }
                    .Select(number => UInt256.Parse($"{number}")));
        }
    }

    [Fact]
    public void Slots_are_read_alike()
    {
        var draw = new Draw(19_008);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (slot, block) = (draw.Slot(), draw.Block());
            var data = TheirAbi.Encode("(uint64)", slot.SlotIndex);
            var filled = AssertAlike<SlotFilledEventDTO>(new SlotFilled(block, slot), data, slot.RequestId);
            var freed = AssertAlike<SlotFreedEventDTO>(new SlotFreed(block, slot), data, slot.RequestId);
            var full = AssertAlike<SlotReservationsFullEventDTO>(new SlotReservationsFull(block, slot), data, slot.RequestId);
            Assert.All(
                new[] { (filled.RequestId, filled.SlotIndex), (freed.RequestId, freed.SlotIndex), (full.RequestId, full.SlotIndex) },
                read => Assert.Equal(slot, new SlotKey(new RequestId(new Bytes32(read.RequestId)), read.SlotIndex)));
        }
    }

    [Fact]
    public void States_of_requests_and_proofs_are_read_alike()
    {
        var draw = new Draw(19_009);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (request, slot, block) = (new RequestId(draw.Hash()), new SlotId(draw.Hash()), draw.Block());
            var fulfilled = AssertAlike<RequestFulfilledEventDTO>(new RequestFulfilled(block, request), [], request);
            var cancelled = AssertAlike<RequestCancelledEventDTO>(new RequestCancelled(block, request), [], request);
            var failed = AssertAlike<RequestFailedEventDTO>(new RequestFailed(block, request), [], request);
            var proof = AssertAlike<ProofSubmittedEventDTO>(
                new ProofSubmitted(block, slot), TheirAbi.Encode("(bytes32)", Draw.ToBytes(slot.Value)));
            Assert.All(
                new[] { fulfilled.RequestId, cancelled.RequestId, failed.RequestId },
                read => Assert.Equal(request.Value, new Bytes32(read)));
            Assert.Equal(slot.Value, new Bytes32(proof.Id));
        }
    }

    private static string TopicOf<T>() => $"0x{ABITypedRegistry.GetEvent<T>().Sha3Signature}";

    // What we write is what Nethereum writes; each reads what the other one wrote.
    private static T AssertAlike<T>(MarketEvent happened, byte[] theirData, params RequestId[] theirTopics)
        where T : IEventDTO, new()
    {
        var ours = happened.ToFilterLog(_marketplace)!;
        Assert.Equal($"0x{Convert.ToHexStringLower(theirData)}", ours.Data);
        Assert.Equal([TopicOf<T>(), .. theirTopics.Select(topic => $"{topic}")], ours.Topics);

        var decoded = new MarketplaceLogDecoder(_marketplace).Decode(Read(ours), happened.Block.Time);
        Assert.True(decoded.TryGetEvent(out var read), decoded.Reason);
        Assert.Equal(happened, read);
        return ours.DecodeEvent<T>().Event;
    }

    private static LogEntry Read(FilterLog log)
    {
        var json = $$"""
            {"address":"{{log.Address}}","topics":[{{string.Join(',', log.Topics.Select(topic => $"\"{topic}\""))}}],
            "data":"{{log.Data}}","blockHash":"{{log.BlockHash}}","blockNumber":"{{log.BlockNumber.HexValue}}","logIndex":"0x0"}
            """;
        Assert.True(LogEntry.TryRead(Encoding.UTF8.GetBytes(json), out var read, out var problem), problem);
        return read;
    }
}
