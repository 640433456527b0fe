using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>Which texts are a log, and what is said of those that are not.</summary>
public sealed class LogEntryTests
{
    private const string Word = "0x00000000000000000000000000000000000000000000000000000000000000aa";

    [Fact]
    public void All_of_a_log_is_read()
    {
        var text = new LogText { Topics = $"[\"{Word}\",\"{Word}\"]", Data = "\"0x1234\"" }.ToUtf8();

        Assert.True(LogEntry.TryRead(text, out var log, out var problem));

        Assert.Null(problem);
        Assert.Equal(Recording.Marketplace, log.Address);
        Assert.Equal([Bytes32.Parse(Word), Bytes32.Parse(Word)], log.Topics.ToArray());
        Assert.Equal("0x1234", Encoding.UTF8.GetString(log.DataText));
        Assert.Equal(LogText.BlockHashValue, log.BlockHash);
        Assert.Equal(16UL, log.BlockNumber);
        Assert.Equal(2UL, log.LogIndex);
        Assert.Equal(new UnixSeconds(1000), log.BlockTime);
        Assert.False(log.IsRemoved);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("\"0x0\"")]
    [InlineData("0")]
    [InlineData("\"1700000000\"")]
    [InlineData("17.5")]
    [InlineData("[1,{}]")]
    [InlineData("true")]
    public void A_log_may_say_nothing_of_its_blocks_time(string? timestamp)
    {
        Assert.True(LogEntry.TryRead(new LogText { BlockTimestamp = timestamp }.ToUtf8(), out var log, out _));
        Assert.Null(log.BlockTime);
    }

    [Theory]
    [InlineData("1000")]
    [InlineData("\"0x03e8\"")]
    public void The_time_may_be_written_as_some_nodes_do(string timestamp)
    {
        Assert.True(LogEntry.TryRead(new LogText { BlockTimestamp = timestamp }.ToUtf8(), out var log, out _));
        Assert.Equal(new UnixSeconds(1000), log.BlockTime);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public void A_log_is_removed_when_it_says_so(string? removed, bool expected)
    {
        Assert.True(LogEntry.TryRead(new LogText { Removed = removed }.ToUtf8(), out var log, out _));
        Assert.Equal(expected, log.IsRemoved);
    }

    [Fact]
    public void Digits_may_be_upper_case()
    {
        var text = new LogText
        {
            Address = "\"0x9FE46736679D2D9A65F0992F2272DE9F3C7FA6E0\"",
            BlockHash = $"\"0x{new string('B', 64)}\"",
            BlockTimestamp = "\"0x3E8\"",
        };

        Assert.True(LogEntry.TryRead(text.ToUtf8(), out var log, out _));

        Assert.Equal(Recording.Marketplace, log.Address);
        Assert.Equal(LogText.BlockHashValue, log.BlockHash);
        Assert.Equal(new UnixSeconds(1000), log.BlockTime);
    }

    [Theory]
    [InlineData("\"transactionHash\":null,")]
    [InlineData("\"transactionIndex\":\"0x1\",\"transactionIndex\":7,")]
    [InlineData("\"x\":{\"address\":[1,{\"data\":[]}]},")]
    [InlineData("\"Address\":1,\"block_number\":2,\"\":3,")]
    [InlineData("\"note\":\"with \\\"escapes\\\" \\u0000\",")]
    public void Other_properties_are_passed_over(string extra) =>
        Assert.True(LogEntry.TryRead(new LogText { Extra = extra }.ToUtf8(), out _, out _));

    [Fact]
    public void White_space_around_a_log_does_not_matter() =>
        Assert.True(LogEntry.TryRead(Encoding.UTF8.GetBytes($" \t{new LogText()}\r\n"), out _, out _));

    [Theory]
    [InlineData("", "it is not JSON from byte 0 on.")]
    [InlineData("   ", "it is not JSON from byte 3 on.")]
    [InlineData("{", "it is not JSON from byte 1 on.")]
    [InlineData("{]", "it is not JSON from byte 1 on.")]
    [InlineData("{\"address\"", "it is not JSON from byte 10 on.")]
    [InlineData("block 7", "it is not JSON from byte 0 on.")]
    [InlineData("{'address':1}", "it is not JSON from byte 1 on.")]
    [InlineData("{}x", "it is not JSON from byte 2 on.")]
    [InlineData("{} {}", "it is not JSON from byte 3 on.")]
    [InlineData("[]", "it is not a JSON object.")]
    [InlineData("7", "it is not a JSON object.")]
    [InlineData("null", "it is not a JSON object.")]
    [InlineData("\"{}\"", "it is not a JSON object.")]
    [InlineData("{}", "'address' is missing.")]
    public void A_text_that_is_no_JSON_object_is_told_as_such(string text, string expected)
    {
        Assert.False(LogEntry.TryRead(Encoding.UTF8.GetBytes(text), out var log, out var problem));
        Assert.Equal(expected, problem);
        Assert.True(log.Topics.IsEmpty);
    }

    [Fact]
    public void What_follows_a_log_is_no_part_of_it()
    {
        var text = new LogText().ToString();

        AssertProblem(text + text, $"it is not JSON from byte {text.Length} on.");
    }

    [Fact]
    public void JSON_nested_beyond_64_levels_is_refused()
    {
        var text = new LogText { Extra = $"\"x\":{new string('[', 64)}{new string(']', 64)}," };

        AssertProblem(text.ToString(), "it is not JSON from byte 68 on.");
    }

    [Fact]
    public void Each_property_that_a_log_needs_is_missed()
    {
        AssertProblem(new LogText { Address = null }.ToString(), "'address' is missing.");
        AssertProblem(new LogText { Topics = null }.ToString(), "'topics' is missing.");
        AssertProblem(new LogText { Data = null }.ToString(), "'data' is missing.");
        AssertProblem(new LogText { BlockHash = null }.ToString(), "'blockHash' is missing.");
        AssertProblem(new LogText { BlockNumber = null }.ToString(), "'blockNumber' is missing.");
        AssertProblem(new LogText { LogIndex = null }.ToString(), "'logIndex' is missing.");
    }

    [Theory]
    [InlineData("address", "\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0\"")]
    [InlineData("topics", "[]")]
    [InlineData("data", "\"0x\"")]
    [InlineData("blockHash", "\"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"")]
    [InlineData("blockNumber", "\"0x10\"")]
    [InlineData("blockTimestamp", "null")]
    [InlineData("logIndex", "\"0x2\"")]
    [InlineData("removed", "false")]
    public void A_property_that_is_there_twice_is_refused_even_if_both_agree(string name, string value) =>
        AssertProblem(new LogText { Extra = $"\"{name}\":{value}," }.ToString(), $"'{name}' is there twice.");

    [Theory]
    [InlineData("\"\\u0061ddress\":1,")]
    [InlineData("\"\\ud800\":1,")]
    public void A_property_name_with_escapes_is_refused(string extra) => AssertProblem(
        new LogText { Extra = extra }.ToString(), "the name of a property is written with escapes.");

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("\"9fe46736679d2d9a65f0992f2272de9f3c7fa6e0\"")]
    [InlineData("\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e\"")]
    [InlineData("\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e000\"")]
    [InlineData("\"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6eg\"")]
    [InlineData("\"\\u0030x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0\"")]
    public void What_is_no_address_is_refused(string value) => AssertProblem(
        new LogText { Address = value }.ToString(), "'address' is not \"0x\" and 40 hexadecimal digits.");

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData($"\"{Word}\"")]
    [InlineData("[null]")]
    [InlineData("[7]")]
    [InlineData($"[[\"{Word}\"]]")]
    [InlineData("[\"0xaa\"]")]
    [InlineData($"[\"{Word}00\"]")]
    [InlineData($"[\"{Word}\",\"{Word}\",\"{Word}\",\"{Word}\",\"{Word}\"]")]
    public void What_are_no_topics_is_refused(string value) => AssertProblem(
        new LogText { Topics = value }.ToString(),
        "'topics' is not an array of at most four values of \"0x\" and 64 hexadecimal digits.");

    [Fact]
    public void Four_topics_are_read()
    {
        var text = new LogText { Topics = $"[\"{Word}\",\"{Word}\",\"{Word}\",\"{Word}\"]" }.ToUtf8();

        Assert.True(LogEntry.TryRead(text, out var log, out _));
        Assert.Equal(4, log.Topics.Length);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("[\"0x\"]")]
    public void Data_that_is_no_string_is_refused(string value) =>
        AssertProblem(new LogText { Data = value }.ToString(), "'data' is not a string.");

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"0xbb\"")]
    public void What_is_no_block_hash_is_refused(string value) => AssertProblem(
        new LogText { BlockHash = value }.ToString(), "'blockHash' is not \"0x\" and 64 hexadecimal digits.");

    [Theory]
    [InlineData("null")]
    [InlineData("16")]
    [InlineData("true")]
    [InlineData("[\"0x10\"]")]
    [InlineData("\"16\"")]
    [InlineData("\"0x\"")]
    [InlineData("\"0x10000000000000000\"")]
    public void What_is_no_quantity_is_refused(string value)
    {
        const string Expected = "is not \"0x\" and a hexadecimal number of at most 64 bits.";

        AssertProblem(new LogText { BlockNumber = value }.ToString(), $"'blockNumber' {Expected}");
        AssertProblem(new LogText { LogIndex = value }.ToString(), $"'logIndex' {Expected}");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("0")]
    [InlineData("\"false\"")]
    public void Removed_is_true_or_false(string value) =>
        AssertProblem(new LogText { Removed = value }.ToString(), "'removed' is not true or false.");

    [Fact]
    public void No_start_of_a_log_is_a_log() => Assert.All(
        Enumerable.Range(0, Recording.Logs[50].Length), length =>
        {
            Assert.False(LogEntry.TryRead(Recording.Logs[50].AsSpan(0, length), out _, out var problem));
            Assert.StartsWith("it is not JSON from byte ", problem, StringComparison.Ordinal);
        });

    private static void AssertProblem(string text, string expected)
    {
        Assert.False(LogEntry.TryRead(Encoding.UTF8.GetBytes(text), out _, out var problem));
        Assert.Equal(expected, problem);
    }
}
