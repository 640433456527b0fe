namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>No block by which the chain is known stands in the node's chain any more: to be looked at again.</summary>
#pragma warning disable CA1064 // It never leaves the intake, which waits a while before it believes that.
internal sealed class ReplacedChainException(BlockStamp oldest) : Exception
#pragma warning restore CA1064
{
    public BlockStamp Oldest => oldest;
}
