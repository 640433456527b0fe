using System.Text.RegularExpressions;

namespace CodexSales.Node.Tests.Readme;

/// <summary>What the README of the sources points to is there.</summary>
public sealed partial class SourceReadmeTests
{
    [Fact]
    public void Every_file_that_a_change_begins_with_is_there()
    {
        var root = ReadmeTests.FindRoot();
        var named = PathOfCode().Matches(File.ReadAllText(Path.Combine(root, "src", "README.md")))
            .Select(match => match.Groups[1].Value)
            .Where(path => path.StartsWith("CodexSales.", StringComparison.Ordinal))
            .ToList();

        Assert.True(named.Count >= 40, $"Only {named.Count} files are named.");
        Assert.All(named, path => Assert.True(
            File.Exists(Path.Combine(root, "src", path)) || File.Exists(Path.Combine(root, "tests", path)), $"{path} is not there."));
    }

    [GeneratedRegex(@"`([\w./]+\.cs)`")]
    private static partial Regex PathOfCode();
}
