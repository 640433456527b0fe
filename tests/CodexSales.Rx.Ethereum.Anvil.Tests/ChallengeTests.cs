using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil.Tests;

public sealed class ChallengeTests
{
    private static readonly Bytes32 SomeSlot = Keccak256.Hash([1]);

    [Fact]
    public async Task A_challenge_is_the_hash_of_the_hash_of_the_block_that_is_pointed_to()
    {
        await using var node = await AnvilNode.StartAsync();
        var market = await DeployedMarketplace.DeployAsync(node);
        var (head, _) = await node.GetHeadAsync();

        var answers = await market.CallAllAsync(
            CallData.Of("getPointer(bytes32)").Add(SomeSlot), CallData.Of("getChallenge(bytes32)").Add(SomeSlot));

        var block = await node.GetBlockHashAsync(head - 1 - answers[0][^1]);
        Assert.Equal(HashOf(block), new Bytes32(answers[1]));
    }

    // From the recording: the hashes of blocks 380, 313 and 406, and the challenges of which a pointer said so.
    [Theory]
    [InlineData(
        "0xaf07cf2160765d3b85ea513fbcfa67b15ef01e25bdee1a10cf43b2d696d6557b",
        "0x834e652d07fdee5d1863f24abf3bdc3b458ffb2984a42c9ef6e2da8913ed223a")]
    [InlineData(
        "0x1cb674d737975e1854c9c980aab969621c64829f08b00db17a8b2ea2b966fe5c",
        "0xd00dddd3bb674d8f54d1705523a3758a430898bcdc11c9b99e9f7bf2f1d6a1b5")]
    [InlineData(
        "0xfe47189ee117a30e5f53b8f74b04904b62f04f55d506a0d59b89acc901b221c2",
        "0xc04f48a8ffa7eee0d2668da45c77b20ac96e050bd882e0013a8728c36ef468ae")]
    public void So_it_is_with_the_real_contract(string block, string challenge) =>
        Assert.Equal(Bytes32.Parse(challenge), HashOf(Bytes32.Parse(block)));

    private static Bytes32 HashOf(Bytes32 block)
    {
        Span<byte> bytes = stackalloc byte[Bytes32.Size];
        block.CopyTo(bytes);
        return Keccak256.Hash(bytes);
    }
}
