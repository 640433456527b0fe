using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

public sealed class MarketplaceLogDecoderTests
{
    private static readonly MarketplaceLogDecoder _decoder = new(Recording.Marketplace);

    public static TheoryData<string> Names => [.. Samples.Events.Select(sample => sample.GetType().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_event_is_read_as_the_contract_writes_it(string name)
    {
        var sample = Samples.Named(name);

        var decoded = Decode(LogText.Of(sample));

        Assert.Equal(DecodedLogKind.MarketEvent, decoded.Kind);
        Assert.Equal(sample, decoded.Event);
        Assert.Equal(sample.Block, decoded.Block);
        Assert.Equal(2UL, decoded.LogIndex);
        Assert.Null(decoded.Reason);
        Assert.True(decoded.TryGetEvent(out var marketEvent));
        Assert.Same(decoded.Event, marketEvent);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_log_that_a_reorganisation_took_back_is_a_reverted_event(string name)
    {
        var sample = Samples.Named(name);

        var decoded = Decode(LogText.Of(sample) with { Removed = "true" });

        Assert.Equal(new Reverted(sample.Block, sample), decoded.Event);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_log_of_another_address_is_not_looked_into(string name)
    {
        var decoded = Decode(LogText.Of(Samples.Named(name)) with
        {
            Address = "\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e1\"",
            Data = "\"no data\"",
        });

        Assert.Equal(DecodedLogKind.OfAnotherContract, decoded.Kind);
        Assert.Null(decoded.Event);
        Assert.Null(decoded.Reason);
        Assert.Equal(Samples.Block, decoded.Block);
        Assert.Equal(2UL, decoded.LogIndex);
        Assert.False(decoded.TryGetEvent(out _));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_topic_more_or_less_is_refused(string name)
    {
        var log = LogText.Of(Samples.Named(name));
        var topics = log.Topics![1..^1].Split(',');
        var expected = topics.Length == 1 ? "1 is expected" : "2 are expected";

        AssertReason(
            log with { Topics = $"[{log.Topics[1..^1]},{topics[^1]}]" },
            $"{name} has {topics.Length + 1} topics; {expected}.");
        if (topics.Length == 2)
        {
            AssertReason(log with { Topics = $"[{topics[0]}]" }, $"{name} has 1 topic; {expected}.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_byte_of_data_more_or_less_is_refused(string name)
    {
        var log = LogText.Of(Samples.Named(name));
        var data = log.Data!.Trim('"');
        var bytes = (data.Length - 2) / 2;

        AssertReason(
            log with { Data = $"\"{data}00\"" },
            $"{name} has {bytes + 1} byte{(bytes == 0 ? "" : "s")} of data; {bytes} are expected.");
        if (bytes > 0)
        {
            AssertReason(
                log with { Data = $"\"{data[..^2]}\"" },
                $"{name} has {bytes - 1} bytes of data; {bytes} are expected.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Data_that_is_not_hexadecimal_is_refused(string name)
    {
        var log = LogText.Of(Samples.Named(name));
        var data = log.Data!.Trim('"');
        var reason = $"{name} has data that is not \"0x\" and an even number of hexadecimal digits.";

        AssertReason(log with { Data = "\"\"" }, reason);
        AssertReason(log with { Data = "\"0\"" }, reason);
        AssertReason(log with { Data = $"\"{data}0\"" }, reason);
        AssertReason(log with { Data = $"\"{data[2..]}\"" }, reason);
        AssertReason(log with { Data = $"\"0X{data[2..]}\"" }, reason);
        if (data.Length > 2)
        {
            AssertReason(log with { Data = $"\"{data[..^1]}g\"" }, reason);
            AssertReason(log with { Data = $"\"{data[..^6]}\\u0030\"" }, reason);
        }
    }

    [Theory]
    [InlineData(nameof(StorageRequested), 4, "number of slots")]
    [InlineData(nameof(StorageRequested), 5, "slot size")]
    [InlineData(nameof(StorageRequested), 6, "duration")]
    [InlineData(nameof(StorageRequested), 7, "greatest slot loss")]
    [InlineData(nameof(StorageRequested), 8, "time of expiry")]
    [InlineData(nameof(SlotFilled), 0, "slot index")]
    [InlineData(nameof(SlotFreed), 0, "slot index")]
    [InlineData(nameof(SlotReservationsFull), 0, "slot index")]
    public void Any_bit_above_the_64_of_a_number_is_refused(string name, int word, string what)
    {
        var data = Convert.FromHexString(LogText.DataOf(Samples.Named(name)).AsSpan(2));
        for (var bit = 0; bit < 192; bit++)
        {
            var damaged = (byte[])data.Clone();
            damaged[(32 * word) + (bit / 8)] |= (byte)(1 << (bit % 8));

            AssertReason(
                LogText.Of(Samples.Named(name)) with { Data = $"\"0x{Convert.ToHexStringLower(damaged)}\"" },
                $"{name} has a {what} over 2^64 - 1.");
        }
    }

    [Fact]
    public void The_first_of_several_damaged_numbers_is_named()
    {
        var log = LogText.Of(Samples.Named(nameof(StorageRequested))) with { Data = $"\"0x{new string('f', 576)}\"" };

        AssertReason(log, "StorageRequested has a number of slots over 2^64 - 1.");
    }

    [Fact]
    public void A_log_of_the_Marketplace_without_topics_is_refused() =>
        AssertReason(new LogText(), "The log has no topic that says which event it is.");

    [Fact]
    public void A_log_of_the_Marketplace_with_an_unknown_topic_is_refused() => AssertReason(
        new LogText { Topics = $"[\"{LogText.BlockHashValue}\"]" },
        $"{LogText.BlockHashValue} is not the topic of a Marketplace event.");

    [Fact]
    public void Upper_case_data_and_topics_say_the_same()
    {
        var sample = Samples.Named(nameof(StorageRequested));
        var log = LogText.Of(sample);

        var decoded = Decode(log with
        {
            Data = log.Data!.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal),
            Topics = log.Topics!.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal),
        });

        Assert.Equal(sample, decoded.Event);
    }

    [Fact]
    public void The_time_of_the_block_is_the_callers()
    {
        Assert.True(LogEntry.TryRead(LogText.Of(Samples.Named(nameof(SlotFreed))).ToUtf8(), out var log, out _));

        var decoded = _decoder.Decode(in log, new UnixSeconds(7));

        Assert.Equal(Samples.Block with { Time = new UnixSeconds(7) }, decoded.Event!.Block);
        Assert.Equal(decoded.Event.Block, decoded.Block);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_event_is_allocated(string name)
    {
        const int Times = 100;
        var sample = Samples.Named(name);
        var text = LogText.Of(sample).ToUtf8();
        ReadAndDecode(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            ReadAndDecode(text);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            GC.KeepAlive(Samples.Clone(sample));
        }

        Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - before, allocated);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_log_of_another_contract()
    {
        var text = (LogText.Of(Samples.Events[0]) with { Address = $"\"{default(Address)}\"" }).ToUtf8();
        ReadAndDecode(text);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadAndDecode(text);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_topics_are_those_of_the_recording()
    {
        using var summary = Recording.Open("summary.json");
        var recorded = summary.RootElement.GetProperty("eventTopics").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);

        Assert.Equal(
            recorded, MarketplaceEvent.All.ToDictionary(shape => shape.Signature, shape => shape.Topic.ToString()));
        Assert.All(recorded.Values, topic => Assert.True(MarketplaceLogDecoder.IsEventTopic(Bytes32.Parse(topic))));
        Assert.False(MarketplaceLogDecoder.IsEventTopic(default));
    }

    private static void ReadAndDecode(byte[] text)
    {
        LogEntry.TryRead(text, out var log, out _);
        GC.KeepAlive(_decoder.Decode(in log, Samples.Block.Time).Event);
    }

    private static DecodedLog Decode(LogText text)
    {
        Assert.True(LogEntry.TryRead(text.ToUtf8(), out var log, out var problem), problem);
        return _decoder.Decode(in log, Samples.Block.Time);
    }

    private static void AssertReason(LogText text, string reason)
    {
        var decoded = Decode(text with { BlockNumber = "\"0x10\"" });

        Assert.Equal(DecodedLogKind.Undecodable, decoded.Kind);
        Assert.Equal(reason, decoded.Reason);
        Assert.Equal(Samples.Block with { Number = 16 }, decoded.Block);
        Assert.Equal(2UL, decoded.LogIndex);
        Assert.Null(decoded.Event);
    }
}
