using System.Collections.Immutable;

namespace CodexSales.Rx.Simulation.Mutations;

/// <summary>Who notices a mutation.</summary>
/// <param name="Mutation">Its name.</param>
/// <param name="Violation">The first seed with a violation, and of which check; null if there is none.</param>
/// <param name="Test">The first unit test that fails; null if there is none.</param>
/// <param name="Specifications">The specifications that it breaks, by name.</param>
internal sealed record Noticed(
    string Mutation, string? Violation, string? Test, ImmutableArray<string> Specifications)
{
    /// <summary>Whether somebody notices it.</summary>
    public bool IsNoticed => Violation is not null || Specifications.Length > 0 || Test is not null;

    /// <summary>Reads a row of the table; null if it is something else.</summary>
    public static Noticed? TryRead(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        return cells is ["", ['`', .. var name, '`'], var violation, var specifications, var test, ""]
            ? new Noticed(
                name, TextOf(violation), TextOf(test.Trim('`')), [.. TextOf(specifications)?.Split(", ") ?? []])
            : null;
    }

    /// <summary>A row of the table.</summary>
    public string ToRow()
    {
        var specifications = Specifications.IsEmpty ? null : string.Join(", ", Specifications);
        var test = Test is null ? null : $"`{Test}`";
        return $"| `{Mutation}` | {CellOf(Violation)} | {CellOf(specifications)} | {CellOf(test)} |";
    }

    private static string CellOf(string? text) => text ?? "-";

    private static string? TextOf(string cell) => cell == "-" ? null : cell;
}
