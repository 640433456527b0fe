using CodexSales.Node.Replay;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ports.Market;
using static CodexSales.Node.Tests.Replay.Lines;

namespace CodexSales.Node.Tests.Replay;

public sealed class RecordedChainTests : IDisposable
{
    private static readonly MarketEvent _proof = new ProofSubmitted(At(1, 100), SlotId.Parse(HashB));

    private readonly TemporaryFiles _files = new();

    private static string Recording(string name) => Path.Combine(AppContext.BaseDirectory, "Recording", name);

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_recording_is_read_in_full()
    {
        var chain = new RecordedChain(Recording("logs.jsonl"), Recording("blocks.jsonl"));

        var blocks = chain.Read().ToList();

        Assert.Equal(Address.Parse(Marketplace), chain.Marketplace);
        Assert.Equal(203, blocks.Count);
        Assert.Equal(203, chain.Counts.Blocks);
        Assert.Equal(122, chain.Counts.LogsOfOtherContracts);
        Assert.Equal(0, chain.Counts.UndecodableLogs);
        Assert.Equal(
            [
                ("ProofSubmitted", 34L), ("RequestCancelled", 1), ("RequestFailed", 1), ("RequestFulfilled", 6),
                ("SlotFilled", 24), ("SlotFreed", 5), ("SlotReservationsFull", 2), ("StorageRequested", 49),
            ],
            chain.Counts.Events.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(chain.Counts.Events.Values.Sum(), blocks.Sum(block => block.Events.Length));
        Assert.All(blocks, block => Assert.All(block.Events, happened => Assert.Equal(block.Stamp, happened.Block)));
        Assert.Equal(
            Enumerable.Range(0x12f, 203).Select(number => (ulong)number), blocks.Select(block => block.Stamp.Number));
    }

    [Fact]
    public void The_recorded_logs_alone_give_the_same_events()
    {
        var alone = new RecordedChain(Recording("logs.jsonl")).Read().ToList();
        var both = new RecordedChain(Recording("logs.jsonl"), Recording("blocks.jsonl")).Read();

        Assert.Equal(both.SelectMany(block => block.Events), alone.SelectMany(block => block.Events));
        Assert.True(alone.Count < 203);
    }

    [Fact]
    public void Blocks_of_both_files_come_in_order_with_and_without_events()
    {
        var logs = _files.Write("logs", Log(2, 0, 102), Log(2, 5, 102), OtherLog(3, 0, 103), Log(5, 0, 105));
        var blocks = _files.Write("blocks", Block(1, 101), Block(3, 103), Block(4, 103), Block(6, 106));

        var read = new RecordedChain(logs, blocks).Read().ToList();

        Assert.Equal(
            [At(1, 101), At(2, 102), At(3, 103), At(4, 103), At(5, 105), At(6, 106)],
            read.Select(block => block.Stamp));
        Assert.Equal([0, 2, 0, 0, 1, 0], read.Select(block => block.Events.Length));
    }

    [Fact]
    public void The_file_of_blocks_gives_the_time_that_a_log_does_not_carry()
    {
        var logs = _files.Write("logs", Log(1, 0, time: null));
        var blocks = _files.Write("blocks", Block(1, 100));

        var block = Assert.Single(new RecordedChain(logs, blocks).Read());

        Assert.Equal(_proof, Assert.Single(block.Events));
    }

    [Fact]
    public void Blank_lines_are_skipped()
    {
        var logs = _files.WriteText("logs", $"\n  \n{Log(1, 0, 100)}\r\n\n");
        var blocks = _files.WriteText("blocks", $"\n\n{Block(1, 100)}\n");

        Assert.Single(new RecordedChain(logs, blocks).Read());
    }

    [Fact]
    public void Empty_files_are_a_chain_without_blocks()
    {
        var chain = new RecordedChain(_files.Write("logs"), _files.Write("blocks"));

        Assert.Empty(chain.Read());
        Assert.Null(chain.Marketplace);
        Assert.Equal(8, chain.Counts.Events.Count);
        Assert.All(chain.Counts.Events.Values, count => Assert.Equal(0, count));
    }

    [Fact]
    public void The_Marketplace_is_the_first_contract_that_writes_one_of_its_events()
    {
        var logs = _files.Write(
            "logs", OtherLog(1, 0, 100), Log(1, 1, 100), Log(1, 2, 100, address: Token), OtherLog(1, 3, 100));
        var chain = new RecordedChain(logs);

        Assert.Single(Assert.Single(chain.Read()).Events);

        Assert.Equal(Address.Parse(Marketplace), chain.Marketplace);
        Assert.Equal(3, chain.Counts.LogsOfOtherContracts);
    }

    [Fact]
    public void A_Marketplace_that_is_given_is_the_only_one()
    {
        var logs = _files.Write("logs", Log(1, 1, 100), Log(1, 2, 100, address: Token));
        var chain = new RecordedChain(logs, marketplace: Address.Parse(Token));

        Assert.Single(Assert.Single(chain.Read()).Events);

        Assert.Equal(Address.Parse(Token), chain.Marketplace);
        Assert.Equal(1, chain.Counts.LogsOfOtherContracts);
    }

    [Fact]
    public void Logs_that_do_not_decode_are_counted_with_block_and_index_and_reason()
    {
        var logs = _files.Write(
            "logs", Log(1, 0, 100), Log(1, 1, 100, data: "0x"), Log(2, 7, 101, topic: Transfer), Log(2, 8, 101));
        var chain = new RecordedChain(logs);

        Assert.Equal(2, chain.Read().Sum(block => block.Events.Length));

        Assert.Equal(2, chain.Counts.UndecodableLogs);
        Assert.Equal(
            [
                (At(1, 100), 1UL, "ProofSubmitted has 0 bytes of data; 32 are expected."),
                (At(2, 101), 7UL, $"{Transfer} is not the topic of a Marketplace event."),
            ],
            chain.Counts.FirstUndecodableLogs.Select(log => (log.Block, log.LogIndex, log.Reason!)));
        Assert.All(chain.Counts.FirstUndecodableLogs, log => Assert.Equal(DecodedLogKind.Undecodable, log.Kind));
    }

    [Fact]
    public void Of_undecodable_logs_the_first_thousand_are_kept_and_all_are_counted()
    {
        var bad = Enumerable.Range(0, 1500).Select(index => Log(1, index, 100, data: "0x"));
        var chain = new RecordedChain(_files.Write("logs", [.. bad]));

        Assert.Single(chain.Read());

        Assert.Equal(1500, chain.Counts.UndecodableLogs);
        Assert.Equal(1000, chain.Counts.FirstUndecodableLogs.Count);
        Assert.Equal(999UL, chain.Counts.FirstUndecodableLogs[^1].LogIndex);
    }

    [Fact]
    public void Nothing_is_read_ahead_of_the_block_that_is_asked_for_but_one_line()
    {
        var logs = _files.Write("logs", Log(1, 0, 100), Log(2, 0, 101), "not JSON");
        using var blocks = new RecordedChain(logs).Read().GetEnumerator();

        Assert.True(blocks.MoveNext());
        Assert.Throws<ReplayInputException>(() => blocks.MoveNext());
    }

    [Fact]
    public void The_files_are_closed_when_reading_stops_early()
    {
        var logs = _files.Write("logs", Log(1, 0, 100), Log(2, 0, 101));

        Assert.Equal(At(1, 100), new RecordedChain(logs).Read().First().Stamp);

        using var exclusive = new FileStream(logs, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.True(exclusive.CanWrite);
    }

    private static BlockStamp At(ulong number, ulong time) => new(number, new UnixSeconds(time)) { Hash = HashOf(HashA) };

    private static Bytes32 HashOf(string hex) => new(Convert.FromHexString(hex.AsSpan(2)));
}
