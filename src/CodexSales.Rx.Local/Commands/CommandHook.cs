using System.Collections.Immutable;

namespace CodexSales.Rx.Local.Commands;

/// <summary>A program of the operator's that does one kind of work, and its limits.</summary>
public sealed record CommandHook
{
    /// <summary>
    /// The program: a path, or a name that is looked up in the folders of <c>PATH</c>. No shell is involved.
    /// </summary>
    public required string Program { get; init; }

    /// <summary>What the program is given on its command line, each as it is.</summary>
    /// <value>None by default.</value>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>How long one run may take before it is ended.</summary>
    /// <value>More than 0.</value>
    /// <remarks>
    /// Time waited for a free place doesn't count. The pipeline's own deadlines go on besides, and end a run as well.
    /// </remarks>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>How many runs of this hook go on at once. More wait, in the order in which they came.</summary>
    /// <value>4 by default; from 1 to 1,000.</value>
    public int MaxProcesses { get; init; } = 4;

    /// <summary>How many bytes a run may write on its standard output; it is ended when it writes more.</summary>
    /// <value>4 MiB by default; from 1 to 1 GiB. A report of progress takes about 20.</value>
    public int MaxOutputBytes { get; init; } = 4 << 20;

    /// <summary>How many of the last bytes on standard error are quoted when a run fails. All are read.</summary>
    /// <value>1,024 by default; from 0 to 1 MiB.</value>
    public int MaxErrorBytes { get; init; } = 1_024;

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Program))
        {
            yield return $"{nameof(Program)} is '{Program}'; a path or a name is expected.";
        }

        if (Arguments.IsDefault)
        {
            yield return $"{nameof(Arguments)} is not set; a list is expected, which may be empty.";
        }

        if (TimeLimit <= TimeSpan.Zero)
        {
            yield return $"{nameof(TimeLimit)} is {TimeLimit}; more than 0 is expected.";
        }

        foreach (var (option, value, least, most) in new[]
        {
            (nameof(MaxProcesses), MaxProcesses, 1, 1_000),
            (nameof(MaxOutputBytes), MaxOutputBytes, 1, 1 << 30),
            (nameof(MaxErrorBytes), MaxErrorBytes, 0, 1 << 20),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{option} is {value}; {least} to {most} is expected.";
            }
        }
    }
}
