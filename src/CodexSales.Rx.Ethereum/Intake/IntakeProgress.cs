namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The progress of reading past events.</summary>
/// <param name="From">The first block that is read.</param>
/// <param name="To">The last one; it moves while the chain grows.</param>
/// <param name="Next">The first block whose events are not told yet.</param>
/// <param name="Events">The number of told events.</param>
public sealed record IntakeProgress(ulong From, ulong To, ulong Next, long Events)
{
    /// <summary>The part of the blocks that is done, from 0 to 1.</summary>
    public double Fraction => To < From ? 1 : (Next - From) / ((double)(To - From) + 1);
}
