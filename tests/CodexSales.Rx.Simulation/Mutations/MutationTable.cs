using System.Text;

namespace CodexSales.Rx.Simulation.Mutations;

/// <summary>The table of mutations and of those who notice, in a file beside them that people read.</summary>
internal static class MutationTable
{
    private const string Head = """
        # Bugs made on purpose

        Each `*.mutation` of this folder is a bug: a file, what stands there, and what stands there instead. One command
        makes each of them in a copy of the sources, and notes here who notices: the simulator, in which of its first
        1,000 seeds and by which check; the specifications in [`marbles`](../../../marbles/README.md); the unit tests,
        of which the first one that fails is named. What notices is built before:

        ```
        for project in Simulation Testing.Tests Tests; do dotnet build -c Release tests/CodexSales.Rx.$project; done
        dotnet run -c Release --no-build --project tests/CodexSales.Rx.Simulation -- --mutations
        ```

        Names behind it make only those. Somebody must notice each one, and each specification must be broken by one: tests
        look after this table.

        ## Who notices

        | mutation | simulator | specifications | unit tests |
        | --- | --- | --- | --- |

        """;

    private const string Inverse = """

        ## What breaks a specification

        Those that break the fewest others come first.

        | specification | is broken by |
        | --- | --- |

        """;

    private const int MostNamed = 3;

    /// <summary>What the file says now of each mutation that is in it.</summary>
    public static IReadOnlyList<Noticed> Read(string root) =>
        [.. File.ReadLines(PathIn(root)).Select(Noticed.TryRead).OfType<Noticed>()];

    /// <summary>Puts a row into the file in place of its old one, and drops those without a mutation.</summary>
    public static void Note(string root, Noticed noticed)
    {
        var names = Mutation.ReadAll(root).Select(mutation => mutation.Name).ToHashSet();
        var rows = Read(root)
            .Where(row => row.Mutation != noticed.Mutation && names.Contains(row.Mutation))
            .Append(noticed);
        File.WriteAllText(PathIn(root), Write(rows));
    }

    /// <summary>The whole file.</summary>
    public static string Write(IEnumerable<Noticed> rows)
    {
        var sorted = rows.OrderBy(row => row.Mutation, StringComparer.Ordinal).ToList();
        var text = new StringBuilder(Head).AppendJoin("", sorted.Select(row => $"{row.ToRow()}\n")).Append(Inverse);
        var breakers = sorted
            .SelectMany(row => row.Specifications, (row, specification) => (specification, row))
            .OrderBy(pair => pair.row.Specifications.Length)
            .ToLookup(pair => pair.specification, pair => pair.row.Mutation);
        foreach (var group in breakers.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var named = string.Join(", ", group.Take(MostNamed).Select(name => $"`{name}`"));
            var more = group.Count() > MostNamed ? $" and {group.Count() - MostNamed} more" : "";
            text.Append($"| [{group.Key}](../../../marbles/{group.Key}.marble) | {named}{more} |\n");
        }

        return text.ToString();
    }

    /// <summary>Where the file is.</summary>
    public static string PathIn(string root) =>
        Path.Combine(root, "tests", "CodexSales.Rx.Simulation", "Mutations", "README.md");
}
