using System.Globalization;

namespace CodexSales.Rx.Simulation.Commands;

/// <summary>What the program is asked to do.</summary>
/// <param name="Seed">To tell the story of one seed.</param>
/// <param name="Seeds">To run so many seeds.</param>
/// <param name="Minutes">To run seeds for so long.</param>
/// <param name="Hunt">To run at most so many seeds, and stop at the first violation.</param>
/// <param name="FromSeed">The first seed of several.</param>
/// <param name="Mutations">
/// To break the code on purpose, and see who notices: the names of those wanted, or all when empty.
/// </param>
internal sealed record CommandLine(
    int? Seed, int? Seeds, int? Minutes, int? Hunt, int FromSeed, IReadOnlyList<string>? Mutations)
{
    public const string Usage = """
        simulate --seed N                          tells the story of one seed
        simulate --seeds N [--from-seed S]         runs N seeds, from S or 1
        simulate --minutes N [--from-seed S]       runs seeds for N minutes
        simulate --hunt N [--from-seed S]          runs at most N seeds, and stops at the first violation
        simulate --mutations [NAME ...]            breaks the code on purpose in a copy, and notes who notices

        0 when all is well, 1 after a violation or an unnoticed mutation, 2 for an unknown option.
        """;

    /// <summary>Null when it can't be understood.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var line = new CommandLine(null, null, null, null, 1, null);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (args[i] == "--mutations")
            {
                return args.Count > 0 && i == 0 ? line with { Mutations = [.. args.Skip(1)] } : null;
            }

            if (i + 1 == args.Count
                || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                || line.With(args[i], value) is not { } next)
            {
                return null;
            }

            line = next;
        }

        var wishes = new[] { line.Seed, line.Seeds, line.Minutes, line.Hunt }.Count(value => value is not null);
        return wishes == 1 ? line : null;
    }

    private CommandLine? With(string option, int value) => option switch
    {
        "--seed" => this with { Seed = value },
        "--seeds" => this with { Seeds = value },
        "--minutes" => this with { Minutes = value },
        "--hunt" => this with { Hunt = value },
        "--from-seed" => this with { FromSeed = value },
        _ => null,
    };
}
