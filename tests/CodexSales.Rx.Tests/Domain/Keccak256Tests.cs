using System.Text;

namespace CodexSales.Rx.Tests.Domain;

public sealed class Keccak256Tests
{
    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData(
        "The quick brown fox jumps over the lazy dog",
        "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15")]
    public void Published_vectors_come_out(string text, string hash) =>
        Assert.Equal(hash, Keccak256.Hash(Encoding.ASCII.GetBytes(text)).ToString());

    // From a direct reading of the specification, whose SHA3-256 (the same but for the padding byte) agrees with a
    // library's at every length up to 300 bytes.
    [Theory]
    [InlineData(1, "0xbc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a")]
    [InlineData(31, "0x3e50547cf72e8583ee91462f9d99fe624f53282f78e1a5ec2347b1d0123d0d9b")]
    [InlineData(32, "0x8ae1aa597fa146ebd3aa2ceddf360668dea5e526567e92b0321816a4e895bd2d")]
    [InlineData(134, "0x861e165162f806cd361c4421a48f205820ddf4deb02db9f041f48e179ddada97")]
    [InlineData(135, "0xcbdfd9dee5faad3818d6b06f95a219fd290b0e1706f6a82e5a595b9ce9faca62")]
    [InlineData(136, "0x7ce759f1ab7f9ce437719970c26b0a66ff11fe3e38e17df89cf5d29c7d7f807e")]
    [InlineData(137, "0xac73d4fae68b8453f764007c1a20ce95994187861f0c3227a3a8e99a73a3b1db")]
    [InlineData(271, "0x27eceb59ebc3dc8a04a5b135be641591a7278540e4556a2ba9f408194e666ec3")]
    [InlineData(272, "0x8e2476e65823b24d96ebe239f2c1534cdf763e689e2410c3b1cb0c74e6177bfc")]
    [InlineData(273, "0x3f02f134370e4debb95140ef49ddd3aed8c65ff1ed83a43f1b269421f179c5f9")]
    [InlineData(1000, "0xaf692982e84a5a9688359025660a7857cd28ee7c8d867cfa1677baf2e6d1f63b")]
    public void Inputs_around_the_ends_of_blocks_hash_right(int length, string hash) =>
        Assert.Equal(hash, Keccak256.Hash([.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))]).ToString());

    [Fact]
    public void The_topic_of_each_event_is_the_hash_of_its_signature() => Assert.All(Recording.EventTopics, entry =>
        Assert.Equal(entry.Value, Keccak256.Hash(Encoding.ASCII.GetBytes(entry.Key)).ToString()));

    [Fact]
    public void The_selector_of_each_function_and_error_is_the_start_of_its_signatures_hash() =>
        Assert.All(Recording.Selectors, entry => Assert.Equal(
            entry.Value, Keccak256.Hash(Encoding.ASCII.GetBytes(entry.Key)).ToString()[..entry.Value.Length]));

    [Fact]
    public void The_recording_holds_the_vectors_that_these_tests_stand_on()
    {
        Assert.Equal(8, Recording.EventTopics.Count);
        Assert.Equal(70, Recording.Selectors.Count());
    }
}
