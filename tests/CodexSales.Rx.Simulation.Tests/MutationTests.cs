using CodexSales.Rx.Simulation.Mutations;

namespace CodexSales.Rx.Simulation.Tests;

public sealed class MutationTests
{
    private static readonly string Root = MutationRun.FindRoot();

    public static TheoryData<string> Names => [.. Mutation.ReadAll(Root).Select(mutation => mutation.Name)];

    [Fact]
    public void There_are_enough_of_them() => Assert.True(Mutation.ReadAll(Root).Count >= 20);

    [Theory, MemberData(nameof(Names))]
    public void A_mutation_fits_the_sources_as_they_are(string name)
    {
        var mutation = Mutation.ReadAll(Root).Single(mutation => mutation.Name == name);
        var copy = Directory.CreateTempSubdirectory("mutation-").FullName;
        try
        {
            var file = Path.Combine(copy, mutation.File);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Copy(Path.Combine(Root, mutation.File), file);

            var original = mutation.ApplyIn(copy);

            Assert.NotEqual(original, File.ReadAllText(file));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void A_mutation_that_does_not_fit_says_so()
    {
        var mutation = Mutation.ReadAll(Root)[0] with { Original = "what never stood there" };

        var error = Assert.Throws<InvalidOperationException>(() => mutation.ApplyIn(Root));

        Assert.Equal(
            $"The original of '{mutation.Name}' does not stand in {mutation.File} exactly once.", error.Message);
    }
}
