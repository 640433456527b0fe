namespace CodexSales.Rx.Testing.Tests.Marbles;

/// <summary>What the pipeline does, as told by the folder of marbles.</summary>
public sealed class SpecificationTests
{
    public static IEnumerable<TheoryDataRow<string>> All => Rows("");

    public static IEnumerable<TheoryDataRow<string>> Pictures => Rows("Picture: ");

    [Theory]
    [MemberData(nameof(All))]
    public void Holds(string file) => Assert.Empty(string.Join("\n\n", Specifications.Run(file).Differences));

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Is_drawn_as_it_runs(string file) => Assert.True(
        Specifications.Text(Path.ChangeExtension(file, ".svg")) == Specifications.Run(file).Draw(),
        $"The picture of {file} is not of its text: run 'marbles draw'.");

    // Viewers that know no CSS variables drew black on black.
    [Fact]
    public void Each_element_of_a_picture_has_its_colour_as_an_attribute_too() => Assert.All(
        Specifications.Run("missed-proof.marble").Draw().Split('\n').Where(line => line.Contains(" class=", StringComparison.Ordinal)),
        element => Assert.Matches("class=\"[a-z ]+\" (fill|stroke)=\"#[0-9a-f]{3,6}\"", element));

    [Fact]
    public void What_is_accepted_from_a_run_that_holds_is_the_text_itself() => Assert.All(
        Specifications.Files, file => Assert.Equal(Specifications.Text(file), Specifications.Run(file).Accept()));

    private static IEnumerable<TheoryDataRow<string>> Rows(string prefix) => Specifications.Files.Select(file =>
        new TheoryDataRow<string>(file) { TestDisplayName = prefix + Specifications.Run(file).Title });
}
