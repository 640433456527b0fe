using System.Text;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Rpc;

public sealed class NodeTextTests
{
    [Theory]
    [InlineData("nonce too low: next nonce 7", "nonce too low: next nonce 7")]
    [InlineData("größer als 5 €", "größer als 5 €")]
    [InlineData("a\r\nb\tc\0d\u001b[2Je", "a  b c d [2Je")]
    [InlineData("a\u202eb\u2028c\u200bd\ue000e", "a b c d e")]
    [InlineData("", "")]
    public void A_text_is_one_line_that_can_be_seen(string said, string shown) => Assert.Equal(shown, NodeText.Clean(said));

    [Fact]
    public void A_long_text_is_cut()
    {
        Assert.Equal(new string('x', NodeText.Longest) + "…", NodeText.Clean(new string('x', 1 << 20)));
        Assert.Equal(new string('x', NodeText.Longest), NodeText.Clean(new string('x', NodeText.Longest)));
        Assert.Equal(NodeText.Longest + 1, NodeText.Clean(string.Concat(Enumerable.Repeat("😀", 1_000))).Length);
    }

    [Fact]
    public void The_message_of_an_error_is_cleaned_and_its_data_is_left_as_it_is()
    {
        Assert.True(RpcEndpoint.TryParse("http://node.example", out var endpoint, out _));

        var message = RpcMessageReader.Read(
            Encoding.UTF8.GetBytes("""{"id":1,"error":{"code":3,"message":"a\n\u001b[31mb","data":"0x\n"}}"""), endpoint);

        var error = Assert.IsType<RpcError>(Assert.IsType<RpcAnswer>(Assert.Single(message)).Reply);
        Assert.Equal("a  [31mb", error.Message);
        Assert.Equal("\"0x\\n\"", Encoding.UTF8.GetString(error.Data.Span));
    }
}
