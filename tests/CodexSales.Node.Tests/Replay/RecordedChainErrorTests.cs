using CodexSales.Node.Replay;
using static CodexSales.Node.Tests.Replay.Lines;

namespace CodexSales.Node.Tests.Replay;

/// <summary>
/// What is said of files that are not as expected: one sentence with the file, the line and what was expected.
/// </summary>
public sealed class RecordedChainErrorTests : IDisposable
{
    private readonly TemporaryFiles _files = new();

    private string LogsPath => _files.PathOf("logs.jsonl");

    private string BlocksPath => _files.PathOf("blocks.jsonl");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Logs_that_are_not_there()
    {
        var chain = new RecordedChain(LogsPath);

        var error = Assert.Throws<ReplayInputException>(() => chain.Read().Count());

        Assert.Equal(
            $"{LogsPath}: a file with a JSON-RPC log object on each line is expected, but it does not exist.",
            error.Message);
    }

    [Fact]
    public void Blocks_that_are_not_there()
    {
        var chain = new RecordedChain(_files.Write("logs.jsonl", Log(1, 0, 100)), BlocksPath);

        var error = Assert.Throws<ReplayInputException>(() => chain.Read().Count());

        Assert.Equal(
            $"{BlocksPath}: a file with a block object on each line is expected, but it does not exist.",
            error.Message);
    }

    [Theory]
    [InlineData("block 7", "it is not JSON from byte 0 on.")]
    [InlineData("[]", "it is not a JSON object.")]
    [InlineData("{}", "'address' is missing.")]
    public void A_line_that_is_no_log(string line, string problem) => AssertError(
        [Log(1, 0, 100), "", line], null, $"{LogsPath}, line 3: a JSON-RPC log object is expected, but {problem}");

    [Theory]
    [InlineData("block 7", "it is not JSON from byte 0 on.")]
    [InlineData("{}", "'number' is missing.")]
    public void A_line_that_is_no_block(string line, string problem) => AssertError(
        [], [Block(1, 100), line], $"{BlocksPath}, line 2: a block object is expected, but {problem}");

    [Fact]
    public void A_log_that_was_removed() => AssertError(
        [Log(1, 0, 100, removed: true)],
        null,
        $"{LogsPath}, line 1: a log of the final chain is expected, but a reorganisation removed this one.");

    [Fact]
    public void A_log_of_an_earlier_block() => AssertError(
        [Log(2, 0, 100), Log(1, 0, 100)],
        null,
        $"{LogsPath}, line 2: a log of block 2 or later is expected, but this one is of block 1.");

    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public void A_log_index_that_does_not_rise(int index) => AssertError(
        [Log(1, 3, 100), OtherLog(1, index, 100)],
        null,
        $"{LogsPath}, line 2: a log index over 3 is expected in block 1, but this one is {index}.");

    [Fact]
    public void Two_hashes_of_one_block() => AssertError(
        [Log(1, 3, 100), Log(1, 4, 100, hash: HashB)],
        null,
        $"{LogsPath}, line 2: block 1 is expected to have the hash {HashA}, but this log says {HashB}.");

    [Fact]
    public void Two_times_of_one_block_in_the_logs() => AssertError(
        [Log(1, 3, 100), Log(1, 4, 101)],
        null,
        $"{LogsPath}, line 2: block 1 is expected to have the time 100, but this log says 101.");

    [Fact]
    public void Two_times_of_one_block_in_the_two_files() => AssertError(
        [Log(1, 3, 101)],
        [Block(1, 100)],
        $"{LogsPath}, line 1: block 1 is expected to have the time 100, but this log says 101.");

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    public void A_block_that_is_not_higher(int number) => AssertError(
        [],
        [Block(5, 100), Block(number, 101)],
        $"{BlocksPath}, line 2: a block after 5 is expected, but this one is {number}.");

    [Fact]
    public void A_time_that_nobody_knows() => AssertError(
        [Log(1, 0, 100), Log(2, 0, time: null)],
        null,
        $"{LogsPath}, line 2: the time of block 2 is expected in its logs' blockTimestamp or in a file of blocks, "
        + "but it is in neither.");

    [Fact]
    public void A_time_that_the_file_of_blocks_does_not_know_either() => AssertError(
        [Log(2, 0, time: null)],
        [Block(1, 100), Block(3, 100)],
        $"{LogsPath}, line 1: the time of block 2 is expected in its logs' blockTimestamp or in {BlocksPath}, "
        + "but it is in neither.");

    [Fact]
    public void A_time_that_goes_back_in_the_logs() => AssertError(
        [Log(1, 0, 100), Log(2, 0, 99)],
        null,
        $"{LogsPath}, line 2: a time of 100 or later is expected for block 2, but it is 99.");

    [Fact]
    public void A_time_that_no_clock_reaches() => AssertError(
        [Log(1, 0, long.MaxValue)],
        null,
        $"{LogsPath}, line 1: a time of 221845132800 or earlier is expected for block 1, but it is {long.MaxValue}.");

    [Fact]
    public void A_time_that_goes_back_in_the_blocks() => AssertError(
        [],
        [Block(1, 100), Block(2, 99)],
        $"{BlocksPath}, line 2: a time of 100 or later is expected for block 2, but it is 99.");

    [Fact]
    public void A_time_that_goes_back_from_the_blocks_to_the_logs() => AssertError(
        [Log(2, 0, 99)],
        [Block(1, 100)],
        $"{LogsPath}, line 1: a time of 100 or later is expected for block 2, but it is 99.");

    [Fact]
    public void A_time_that_goes_back_from_the_logs_to_the_blocks() => AssertError(
        [Log(1, 0, 100)],
        [Block(2, 99)],
        $"{BlocksPath}, line 1: a time of 100 or later is expected for block 2, but it is 99.");

    private void AssertError(string[] logs, string[]? blocks, string message)
    {
        var chain = new RecordedChain(
            _files.Write("logs.jsonl", logs), blocks is null ? null : _files.Write("blocks.jsonl", blocks));

        var error = Assert.Throws<ReplayInputException>(() => chain.Read().Count());

        Assert.Equal(message, error.Message);
    }
}
