namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>Which block a question is about, as a node takes it.</summary>
/// <param name="Json">The parameter, as JSON.</param>
internal readonly record struct BlockTag(string Json)
{
    /// <summary>Whatever block the node has last: only for what never changes, or what nothing hangs on.</summary>
    public static BlockTag Latest { get; } = new("\"latest\"");

    /// <summary>The newest block with what is in the node's pool, as far as the node plays that through.</summary>
    public static BlockTag Pending { get; } = new("\"pending\"");

    /// <summary>The block of a height.</summary>
    public static BlockTag At(ulong number) => new(string.Create(CultureInfo.InvariantCulture, $"\"0x{number:x}\""));

    /// <summary>One block and no other, as long as it is in the chain. Source: EIP-1898.</summary>
    public static BlockTag Of(Bytes32 hash) => new($"{{\"blockHash\":\"{hash}\",\"requireCanonical\":true}}");
}
