using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

public sealed class BlockHeaderTests
{
    private const string NotAQuantity =
        "is not \"0x\" and a hexadecimal number of at most 64 bits.";

    [Theory]
    [InlineData("""{"number":"0x130","timestamp":"0x6b029d77"}""")]
    [InlineData("""{"timestamp":"0x6B029D77","number":"0x130"}""")]
    [InlineData("""{"hash":null,"number":"0x130","uncles":[{"number":1}],"timestamp":"0x6b029d77","x":"\n"} """)]
    [InlineData("""{"x":{"timestamp":2},"number":"0x130","timestamp":"0x6b029d77"}""")]
    public void The_height_and_the_time_of_a_block_are_read(string text)
    {
        Assert.True(BlockHeader.TryRead(Encoding.UTF8.GetBytes(text), out var block, out var problem));
        Assert.Null(problem);
        Assert.Equal(new BlockStamp(0x130, new UnixSeconds(0x6b029d77)), block);
    }

    [Theory]
    [InlineData("\"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"", true)]
    [InlineData("\"0xbb\"", false)]
    [InlineData("[{\"hash\":7}]", false)]
    public void The_hash_of_a_block_is_read_where_there_is_one(string hash, bool isOne)
    {
        var text = $$"""{"number":"0x130","hash":{{hash}},"timestamp":"0x6b029d77"}""";

        Assert.True(BlockHeader.TryRead(Encoding.UTF8.GetBytes(text), out var block, out _));
        Assert.Equal(isOne ? LogText.BlockHashValue : default, block.Hash);
        Assert.Equal(0x130UL, block.Number);
    }

    [Theory]
    [InlineData("", "it is not JSON from byte 0 on.")]
    [InlineData("{", "it is not JSON from byte 1 on.")]
    [InlineData("""{"number":"0x1","timestamp":"0x2"}{}""", "it is not JSON from byte 34 on.")]
    [InlineData("[]", "it is not a JSON object.")]
    [InlineData("7", "it is not a JSON object.")]
    [InlineData("{}", "'number' is missing.")]
    [InlineData("""{"number":"0x1"}""", "'timestamp' is missing.")]
    [InlineData("""{"timestamp":"0x1"}""", "'number' is missing.")]
    [InlineData("""{"number":"0x1","number":"0x1"}""", "'number' is there twice.")]
    [InlineData("""{"timestamp":"0x1","timestamp":"0x1"}""", "'timestamp' is there twice.")]
    [InlineData("""{"n\u0075mber":"0x1"}""", "the name of a property is written with escapes.")]
    [InlineData("""{"number":304}""", $"'number' {NotAQuantity}")]
    [InlineData("""{"number":null}""", $"'number' {NotAQuantity}")]
    [InlineData("""{"timestamp":"12"}""", $"'timestamp' {NotAQuantity}")]
    public void A_text_that_is_no_block_is_told_as_such(string text, string expected)
    {
        Assert.False(BlockHeader.TryRead(Encoding.UTF8.GetBytes(text), out var block, out var problem));
        Assert.Equal(expected, problem);
        Assert.Equal(default, block);
    }
}
