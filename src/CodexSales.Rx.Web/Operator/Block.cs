using System.ComponentModel;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The block that an answer is as of.</summary>
[Description("A block of the chain.")]
internal sealed record Block(
    [property: Description("Its height.")] ulong Number,
    [property: Description("Its time.")] Moment Time,
    [property: Description("Its hash; null where that is not known.")] string? Hash)
{
    public static Block? Of(BlockStamp? stamp) => stamp is not { } block || block == default
        ? null
        : new Block(block.Number, Moment.Of(block.Time), block.Hash == default(Bytes32) ? null : $"{block.Hash}");
}
