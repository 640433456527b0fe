using System.Globalization;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Anvil;

/// <summary>How an <see cref="AnvilNode"/> makes blocks.</summary>
public sealed record AnvilOptions
{
    /// <summary>
    /// A block comes every so often, with or without transactions. Null: one comes with every transaction.
    /// </summary>
    public TimeSpan? BlockTime { get; init; }

    /// <summary>Whether blocks come only when the test makes them.</summary>
    public bool NoMining { get; init; }

    /// <summary>The time of the first block; later ones go on from there with the machine's clock. Null: now.</summary>
    public UnixSeconds? StartTime { get; init; }

    /// <summary>How many accounts the node holds the keys of. Each owns 10,000 ether.</summary>
    public int Accounts { get; init; } = 10;

    /// <summary>How many blocks behind the newest one the finalized one is: an even number.</summary>
    public int FinalizedDepth { get; init; } = 16;

    internal IEnumerable<string> ToArguments()
    {
        List<string> arguments = ["--host", "127.0.0.1", "--port", "0"];

        // Transactions of one block are in the order in which they were sent: so a test knows what happens.
        arguments.AddRange(["--order", "fifo", "--accounts", Text(Accounts)]);

        // Two epochs behind.
        arguments.AddRange(["--slots-in-an-epoch", Text(FinalizedDepth / 2)]);
        if (BlockTime is { } blockTime)
        {
            arguments.AddRange(["--block-time", Text(blockTime.TotalSeconds)]);
        }

        if (NoMining)
        {
            arguments.Add("--no-mining");
        }

        if (StartTime is { } start)
        {
            arguments.AddRange(["--timestamp", start.ToString()]);
        }

        return arguments;
    }

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
