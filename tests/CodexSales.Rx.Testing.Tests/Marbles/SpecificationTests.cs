namespace CodexSales.Rx.Testing.Tests.Marbles;

/// <summary>What the pipeline does, as told by the folder of marbles.</summary>
public sealed class SpecificationTests
{
    public static IEnumerable<TheoryDataRow<string>> All => Specifications.Files.Select(file =>
        new TheoryDataRow<string>(file) { TestDisplayName = Specifications.Run(file).Title });

    [Theory]
    [MemberData(nameof(All))]
    public void Holds(string file) => Assert.Empty(string.Join("\n\n", Specifications.Run(file).Differences));

    [Fact]
    public void What_is_accepted_from_a_run_that_holds_is_the_text_itself() => Assert.All(
        Specifications.Files, file => Assert.Equal(Specifications.Text(file), Specifications.Run(file).Accept()));
}
