namespace CodexSales.Rx.Hosting.Chain;

/// <summary>What the account of a host has, and how far that goes. Immutable.</summary>
/// <param name="AsOf">The block.</param>
/// <param name="Ether">In wei; null where transactions cost nothing.</param>
/// <param name="Tokens">In the token's smallest unit.</param>
/// <param name="Allowance">What the contract may take of these; null where it needs no leave.</param>
public sealed record HostBalances(BlockStamp AsOf, UInt256? Ether, UInt256 Tokens, UInt256? Allowance)
{
    /// <summary>How many proofs a day the hosted slots want, on average.</summary>
    public double ProofsPerDay { get; init; }

    /// <summary>What the last proofs cost in fees, in wei each, on average; null where none is remembered.</summary>
    public UInt256? WeiPerProof { get; init; }

    /// <summary>For how many days of such proofs the ether lasts; null where no proof is wanted, or their cost is not known.</summary>
    public double? DaysOfProofs => Ether is { } ether && WeiPerProof is { } each && each > UInt256.Zero && ProofsPerDay > 0
        ? Number(ether) / Number(each) / ProofsPerDay
        : null;

    private static double Number(UInt256 amount) => double.Parse($"{amount}", CultureInfo.InvariantCulture);
}
