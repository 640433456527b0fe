namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>Which block a question is about, as a node takes it.</summary>
/// <param name="Json">The parameter, as JSON.</param>
internal readonly record struct BlockTag(string Json)
{
    /// <summary>The node's newest block: only for constants, and where nothing depends on the block.</summary>
    public static BlockTag Latest { get; } = new("\"latest\"");

    /// <summary>The newest block with the node's mempool on top, as far as the node executes that.</summary>
    public static BlockTag Pending { get; } = new("\"pending\"");

    /// <summary>The newest block that the node calls final.</summary>
    public static BlockTag Finalized { get; } = new("\"finalized\"");

    public static BlockTag At(ulong number) => new(string.Create(CultureInfo.InvariantCulture, $"\"0x{number:x}\""));

    /// <summary>One block and no other, as long as it is in the chain. Source: EIP-1898.</summary>
    public static BlockTag Of(Bytes32 hash) => new($"{{\"blockHash\":\"{hash}\",\"requireCanonical\":true}}");

    /// <summary>A block by its hash, or by its height where the hash is not known.</summary>
    public static BlockTag Of(BlockStamp block) => block.Hash == default ? At(block.Number) : Of(block.Hash);
}
