using System.Diagnostics;
using System.Text.RegularExpressions;
using CodexSales.Node.Tests.Readme;

namespace CodexSales.Node.Tests.Architecture;

/// <summary>The files of the repository are the same wherever it is checked out, as git knows them.</summary>
public sealed partial class RepositoryTests
{
    // Windows takes 260, of which the folder of a checkout has some.
    private const int LongestPath = 180;

    private const string Script = "100755";

    private static readonly string _root = ReadmeTests.FindRoot();

    [Fact]
    public void No_two_paths_differ_only_in_case() => Assert.Empty(
        List("ls-files", "-z")
            .SelectMany(path => path.Split('/').Select((_, place) => string.Join('/', path.Split('/').Take(place + 1))))
            .Distinct()
            .GroupBy(path => path, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() > 1)
            .Select(same => string.Join(" and ", same)));

    // Source: "Naming Files, Paths, and Namespaces" of the Windows documentation.
    [Fact]
    public void No_name_is_one_that_Windows_refuses() => Assert.DoesNotContain(
        List("ls-files", "-z"), path => path.Length > LongestPath || path.Split('/').Any(name => Refused().IsMatch(name)));

    [Theory]
    [InlineData("aux.cs")]
    [InlineData("NUL")]
    [InlineData("com1.tar.gz")]
    [InlineData("what?.md")]
    [InlineData("a:b")]
    [InlineData("ends.")]
    [InlineData("ends ")]
    public void A_name_that_Windows_refuses_is_known(string name) => Assert.Matches(Refused(), name);

    [Fact]
    public void Lines_end_with_a_line_feed() => Assert.DoesNotContain(
        List("ls-files", "--eol", "-z"),
        line => line.StartsWith("i/crlf", StringComparison.Ordinal) || line.StartsWith("i/mixed", StringComparison.Ordinal));

    [Fact]
    public void Scripts_may_be_run_and_nothing_else_and_there_are_no_links() => Assert.DoesNotContain(
        List("ls-files", "-s", "-z")
            .Select(line => (Mode: line[..6], Path: line[(line.IndexOf('\t', StringComparison.Ordinal) + 1)..]))
            .Where(file => File.Exists(Path.Combine(_root, file.Path))),
        file => file.Mode != (IsScript(file.Path) ? Script : "100644"));

    [Fact]
    public void What_needs_one_system_is_marked_in_one_way() => Assert.DoesNotContain(
        List("ls-files", "-z", "tests/*.cs").Where(path => path != "tests/Needs.cs" && File.Exists(Path.Combine(_root, path))),
        path => OtherMark().IsMatch(File.ReadAllText(Path.Combine(_root, path))));

    private static bool IsScript(string path)
    {
        using var file = File.OpenRead(Path.Combine(_root, path));
        return file.ReadByte() == '#' && file.ReadByte() == '!';
    }

    // What git says, each line of it ended by a zero; a copy of the source alone has no git.
    private static List<string> List(params string[] arguments)
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(_root, ".git")), "This is no clone.");
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _root, RedirectStandardOutput = true })!;
        var said = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. said.Split('\0', StringSplitOptions.RemoveEmptyEntries)];
    }

    [GeneratedRegex(
        @"[<>:""\\|?*\x00-\x1f]|[. ]$|^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Refused();

    [GeneratedRegex(@"Skip(When|Unless)\((!|Runtime|Environment|OperatingSystem)[^,]*\.(Is[A-Z]|OSVersion)")]
    private static partial Regex OtherMark();
}
