using CodexSales.Rx.Simulation.Mutations;

namespace CodexSales.Rx.Simulation.Tests;

/// <summary>The table says what came of every mutation, and leaves none and no specification out.</summary>
public sealed class MutationTableTests
{
    private static readonly string _root = MutationRun.FindRoot();
    private static readonly IReadOnlyList<Noticed> _rows = MutationTable.Read(_root);

    [Fact]
    public void It_has_every_mutation() => Assert.Equal(
        Mutation.ReadAll(_root).Select(mutation => mutation.Name), _rows.Select(row => row.Mutation));

    [Fact]
    public void Each_mutation_is_noticed() =>
        Assert.All(_rows, row => Assert.True(row.IsNoticed, row.Mutation));

    [Fact]
    public void Each_specification_is_broken_by_a_mutation() => Assert.Empty(
        Directory.GetFiles(Path.Combine(_root, "marbles"), "*.marble")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Except(_rows.SelectMany(row => row.Specifications)));

    [Fact]
    public void It_is_as_the_command_writes_it() =>
        Assert.Equal(MutationTable.Write(_rows), File.ReadAllText(MutationTable.PathIn(_root)));

    [Fact]
    public void A_specification_names_first_what_breaks_the_fewest()
    {
        Noticed[] rows =
        [
            new("a", "seed 1: queue", null, ["one", "two", "three"]),
            new("b", null, "A_test", ["one", "two"]),
            new("c", null, null, ["one"]),
            new("d", null, null, ["one", "two", "three", "four"]),
        ];

        Assert.Equal(
            """
            | [four](../../../marbles/four.marble) | `d` |
            | [one](../../../marbles/one.marble) | `c`, `b`, `a` and 1 more |
            | [three](../../../marbles/three.marble) | `a`, `d` |
            | [two](../../../marbles/two.marble) | `b`, `a`, `d` |

            """,
            MutationTable.Write(rows).Split("| --- | --- |\n")[^1]);
    }

    [Theory]
    [InlineData("seed 3: queue order", "A_test", "full-queue", "late-subscriber")]
    [InlineData(null, null)]
    public void A_row_is_read_as_it_is_written(string? violation, string? test, params string[] specifications)
    {
        var noticed = Noticed.TryRead(new Noticed("lose-a-worker", violation, test, [.. specifications]).ToRow())!;

        Assert.Equal(("lose-a-worker", violation, test), (noticed.Mutation, noticed.Violation, noticed.Test));
        Assert.Equal(specifications, noticed.Specifications);
    }

    [Theory]
    [InlineData("| mutation | simulator | specifications | unit tests |")]
    [InlineData("| --- | --- | --- | --- |")]
    [InlineData("| [one](../../../marbles/one.marble) | `c`, `b` |")]
    public void Other_lines_are_no_rows(string line) => Assert.Null(Noticed.TryRead(line));
}
