namespace CodexSales.Rx.Testing.Chain;

/// <summary>The contract as of a block.</summary>
/// <param name="At">The block.</param>
/// <param name="Contract">What was written up to then. Nobody may write to it.</param>
internal readonly record struct ChainView(BlockStamp At, SimulatedContract Contract);
