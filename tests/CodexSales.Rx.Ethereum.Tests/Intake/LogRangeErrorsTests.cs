using CodexSales.Rx.Ethereum.Intake;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>What each provider says, asked for the blocks 0x1000 to 0x1000 + 99,999.</summary>
public sealed class LogRangeErrorsTests
{
    private const ulong From = 0x1000;
    private const ulong Asked = 100_000;

    [Theory]
    [InlineData(-32005, "query returned more than 10000 results. Try with this block range [0x1000, 0x1063].", 100)]
    [InlineData(-32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no "
        + "limit on the response size. Based on your parameters and the response size limit, this block range should work: "
        + "[0x1000, 0x10c7]", 200)]
    [InlineData(503, "Log response size exceeded. this block range should work: [0x10c7, 0x1000]", 200)]
    [InlineData(-32600, "You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, "
        + "this block range should work: [0x1000, 0x11f3]", 500)]
    [InlineData(-32000, "query exceeds max results 20000, retry with the range 4096-4195", 100)]
    public void A_range_that_should_work_is_asked_for_next(int code, string text, ulong blocks) =>
        Assert.Equal(new RangeTooWide(blocks, IsLimit: false), Judge(code, text));

    [Theory]
    [InlineData(-32602, "range 100000 exceeds limit of 10000", 10_000)]
    [InlineData(-32614, "eth_getLogs is limited to a 10,000 range", 10_000)]
    [InlineData(413, "HTTP status 413: eth_getLogs is limited to a 10.000 range", 10_000)]
    [InlineData(-32600, "maximum [from, to] blocks distance: 2000", 2_000)]
    [InlineData(-32000, "Max range: 800", 799)]
    [InlineData(-32000, "maximum block range: 50000", 50_000)]
    [InlineData(-32000, "Maximum allowed number of requested blocks is 3500", 3_500)]
    [InlineData(-32000, "eth_getLogs is limited to 1024 block range", 1_024)]
    [InlineData(-32000, "limited to 5000 blocks", 5_000)]
    [InlineData(-32000, "please limit the query to at most 1000 blocks", 999)]
    [InlineData(-32602, """eth_getLogs {"payload":"range 100000 is bigger than range limit 2000"}""", 2_000)]
    [InlineData(35, "ranges over 10000 blocks are not supported on freetier", 10_000)]
    [InlineData(-32602, "query exceeds max block range 90000", 90_000)]
    [InlineData(-32000, "exceed max block range: 7000", 7_000)]
    [InlineData(-32000, "exceeds max block range: 7000", 7_000)]
    [InlineData(-32000, "block range greater than 6000 max", 6_000)]
    [InlineData(-32000, "block range exceeds 5500", 5_500)]
    [InlineData(-32000, "eth_getLogs range is too large, max is 1k blocks", 1_000)]
    [InlineData(-32000, "query must be smaller than size 1024", 1_023)]
    [InlineData(-32000, "exceeds the range allowed for your plan (100000 > 1000)", 1_000)]
    public void A_limit_that_is_named_is_kept_to(int code, string text, ulong blocks) =>
        Assert.Equal(new RangeTooWide(blocks, IsLimit: true), Judge(code, text));

    [Theory]
    [InlineData("block range is too wide", 3_000)]
    [InlineData("Block range limit exceeded. See more details at https://example/docs", 10_000)]
    [InlineData("block range too large", 2_000)]
    [InlineData("Block range is too large", 2_000)]
    [InlineData("query timeout exceeded", Asked / 2)]
    [InlineData("query returned more than 10000 results", Asked / 2)]
    [InlineData("backend response too large", Asked / 2)]
    [InlineData("no backend is currently healthy to serve traffic", Asked / 2)]
    [InlineData("query exceeds max results", Asked / 2)]
    [InlineData("logs matched by query exceeds limit of 10000", Asked / 2)]
    [InlineData("Response is too big", Asked / 2)]
    [InlineData("response size should not greater than 10000000 bytes", Asked / 2)]
    [InlineData("logs over more than 1000", Asked / 2)]
    [InlineData("too many results, try paginating", Asked / 2)]
    public void Where_nothing_is_named_a_guess_is_made(string text, ulong blocks) =>
        Assert.Equal(new RangeTooWide(blocks, IsLimit: false), Judge(-32000, text));

    [Fact]
    public void A_guess_that_was_refused_is_followed_by_a_smaller_one() =>
        Assert.Equal(
            new RangeTooWide(100, false),
            LogRangeErrors.Judge(-32000, "Block range limit exceeded.", From, From + 9_999));

    [Theory]
    [InlineData("query returned more than 10000 results. Try with this block range [0x1000, 0x19f9f].")]
    [InlineData("range 100000 exceeds limit of 100000")]
    [InlineData("maximum block range: 0")]
    [InlineData("block range is too wide, max range: 99999999999999999999999999")]
    public void What_would_be_the_same_range_again_is_halved(string text) =>
        Assert.InRange(Assert.IsType<RangeTooWide>(Judge(-32000, text)).Blocks, 1UL, Asked / 2);

    [Fact]
    public void Blocks_that_the_node_does_not_have_yet_are_left_for_later()
    {
        const string Text = "BlockOutOfRangeError: block height is 4196 but requested was 104095";

        Assert.Equal(new RangeTooWide(4196 - From + 1, false), Judge(-32602, Text));
        Assert.Equal(new OtherRefusal(), LogRangeErrors.Judge(-32602, Text, 5_000, 6_000));
    }

    [Theory]
    [InlineData(429, "")]
    [InlineData(-32016, "")]
    [InlineData(-32029, "")]
    [InlineData(-32005, "daily request count exceeded, request rate limited")]
    [InlineData(-32005, "project ID request rate exceeded; rate limit")]
    [InlineData(-32000, "Too Many Requests")]
    [InlineData(-32000, "Your app has exceeded its compute units per second capacity.")]
    [InlineData(-32000, "request limit reached")]
    [InlineData(0, "over capacity")]
    public void A_rate_limit_is_no_reason_to_ask_for_less(int code, string text) =>
        Assert.Equal(new AskedTooOften(), Judge(code, text));

    [Theory]
    [InlineData(-32000, "This query contains 6000 filters. The current limit is 5000")]
    [InlineData(-32602, "invalid argument 0: hex string without 0x prefix")]
    [InlineData(-32000, "unknown block")]
    [InlineData(-32601, "the method eth_getLogs does not exist/is not available")]
    public void Anything_else_is_a_problem_to_be_told(int code, string text) =>
        Assert.Equal(new OtherRefusal(), Judge(code, text));

    [Fact]
    public void A_single_block_is_never_made_fewer() =>
        Assert.Equal(
            new RangeTooWide(1, false),
            LogRangeErrors.Judge(-32000, "query returned more than 10000 results", From, From));

    private static RangeVerdict Judge(int code, string text) => LogRangeErrors.Judge(code, text, From, From + Asked - 1);
}
