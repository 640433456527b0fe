namespace CodexSales.Rx.Testing.Chain;

/// <summary>The contract as of a block. Nobody may write to it.</summary>
internal readonly record struct ChainView(BlockStamp At, SimulatedContract Contract);
