namespace CodexSales.Rx.Selling;

/// <summary>The number of proofs that some slots want in one period. Lives on the core scheduler.</summary>
internal sealed class ProofLoad
{
    // While the pointer is not in its downtime, proofs are drawn more often, so that on average the request's probability
    // comes out. Source: contract function _isProofRequired.
    private const double MostOftenDrawn = 1.5;

    // So many times the spread above the average: less than once in 10,000 periods more proofs are wanted.
    private const double Spreads = 4;

    private double _average;
    private double _variance;

    public int Slots { get; private set; }

    /// <summary>The most proofs that are to be reckoned with: never more than slots.</summary>
    public long MostProofs => (long)Math.Ceiling(Math.Min(Slots, _average + (Spreads * Math.Sqrt(Math.Max(0, _variance))) - 1E-6));

    /// <summary>A slot comes or goes.</summary>
    /// <param name="oneIn">The number of periods in which it wants one proof, on average.</param>
    /// <param name="change">1 for a slot that comes, -1 for one that goes.</param>
    public void Count(UInt256 oneIn, int change)
    {
        var share = oneIn <= ulong.MaxValue ? Math.Min(1, MostOftenDrawn / (ulong)oneIn) : 0;
        Slots += change;
        _average += change * share;
        _variance += change * share * (1 - share);
    }
}
