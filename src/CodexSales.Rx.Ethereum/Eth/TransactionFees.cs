namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>A transaction's offer for each unit of gas. Closed: the cases are those in this file.</summary>
public abstract record TransactionFees
{
    private protected TransactionFees()
    {
    }

    /// <summary>The most that a unit of gas can cost, in wei.</summary>
    public abstract UInt256 MostWeiPerGas { get; }
}

/// <summary>The fees of a transaction of type 2. Source: EIP-1559.</summary>
/// <param name="MaxFeePerGas">The most that it pays in all, in wei.</param>
/// <param name="MaxPriorityFeePerGas">The most of that which goes to the block's maker, in wei.</param>
public sealed record DynamicFees(UInt256 MaxFeePerGas, UInt256 MaxPriorityFeePerGas) : TransactionFees
{
    /// <inheritdoc/>
    public override UInt256 MostWeiPerGas => MaxFeePerGas;
}

/// <summary>The fee of a legacy transaction, for chains without a base fee. Source: EIP-155.</summary>
/// <param name="GasPrice">What it pays, in wei.</param>
public sealed record LegacyFees(UInt256 GasPrice) : TransactionFees
{
    /// <inheritdoc/>
    public override UInt256 MostWeiPerGas => GasPrice;
}
