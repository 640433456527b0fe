namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>Reckons with amounts of wei: a result that is too large is the largest one.</summary>
internal static class Wei
{
    public static UInt256 Add(UInt256 left, UInt256 right) =>
        UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue;

    public static UInt256 Multiply(UInt256 left, UInt256 right) =>
        UInt256.TryMultiply(left, right, out var product) ? product : UInt256.MaxValue;

    public static UInt256 Larger(UInt256 left, UInt256 right) => left > right ? left : right;

    public static UInt256 Smaller(UInt256 left, UInt256 right) => left < right ? left : right;
}
