using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CodexSales.Rx.Simulation.Mutations;

/// <summary>
/// Makes each mutation in a copy of the sources outside of the repository, builds the library alone, puts it beside the
/// programs that are built already, and notes which of them notice.
/// </summary>
internal static partial class MutationRun
{
    private const string Library = "CodexSales.Rx";
    private const string Marbles = "CodexSales.Rx.Testing.Tests.Marbles.SpecificationTests.Holds";

    private const int MostSeeds = 1_000;

    // Many times what a busy machine needs: what takes longer hangs, and has noticed nothing.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(8);

    private static readonly Program Simulator =
        new("tests/CodexSales.Rx.Simulation", "simulate.dll", $"--hunt {MostSeeds}", Violations(), "seed $1: $2");

    private static readonly Program Specifications = new(
        "tests/CodexSales.Rx.Testing.Tests",
        "CodexSales.Rx.Testing.Tests.dll",
        $"-noColor -method {Marbles}",
        FailedFiles(),
        "$1");

    private static readonly string[] UnitFolders =
    [
        "Availabilities", "Caching", "Filtering", "Pipeline", "Queueing", "Selling", "Storing", "Time", "Tracking", "Working",
    ];

    private static readonly Program Units = new(
        "tests/CodexSales.Rx.Tests",
        "CodexSales.Rx.Tests.dll",
        "-noColor -stopOnFail " + string.Join(
            ' ',
            from folder in UnitFolders
            select $"-namespace CodexSales.Rx.Tests.{folder}"),
        FailedTests(),
        "$1");

    // What the library needs to be built elsewhere, beside its own folder.
    private static readonly string[] BuildFiles =
        ["Directory.Packages.props", ".editorconfig", "src/Directory.Build.props", "src/BannedSymbols.txt"];

    /// <summary>
    /// Runs the mutations of some names, or all, prints who notices, and notes it in the table of the repository.
    /// </summary>
    /// <returns>Whether each one was noticed.</returns>
    public static bool Run(TextWriter to, IReadOnlyList<string> names)
    {
        var root = FindRoot();
        var mutations = Mutation.ReadAll(root)
            .Where(mutation => names.Count == 0 || names.Contains(mutation.Name))
            .ToList();
        var copy = Directory.CreateTempSubdirectory("mutations-").FullName;
        try
        {
            CopySources(root, copy);
            CopyPrograms(root, copy);
            var unnoticed = 0;
            foreach (var mutation in mutations)
            {
                var noticed = TryOut(copy, mutation);
                MutationTable.Note(root, noticed);
                to.WriteLine(noticed.ToRow());
                to.Flush();
                unnoticed += noticed.IsNoticed ? 0 : 1;
            }

            to.WriteLine($"{mutations.Count} mutations, {unnoticed} unnoticed");
            return unnoticed == 0;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <exception cref="InvalidOperationException">It does not compile.</exception>
    private static Noticed TryOut(string copy, Mutation mutation)
    {
        var original = mutation.ApplyIn(copy);
        var (isBuilt, output) = Execute(
            copy, $"build src/{Library} --no-restore -c {Configuration} --nologo -v q -p:RunAnalyzers=false");
        File.WriteAllText(Path.Combine(copy, mutation.File), original);
        if (!isBuilt)
        {
            throw new InvalidOperationException($"'{mutation.Name}' does not compile: {output}");
        }

        return new Noticed(
            mutation.Name,
            WhoNotices(copy, Simulator).FirstOrDefault(),
            WhoNotices(copy, Units).FirstOrDefault(),
            [.. WhoNotices(copy, Specifications).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static List<string> WhoNotices(string copy, Program program)
    {
        var folder = Path.Combine(copy, "programs", program.Assembly);
        File.Copy(
            Path.Combine(copy, "src", Library, "bin", Configuration, "net10.0", $"{Library}.dll"),
            Path.Combine(folder, $"{Library}.dll"),
            overwrite: true);
        var (isPassed, output) = Execute(copy, $"{Path.Combine(folder, program.Assembly)} {program.Arguments}");
        return isPassed ? [] : [.. program.Names.Matches(output).Select(match => match.Result(program.Form))];
    }

    [GeneratedRegex(@"^seed (\d+) breaks \[([^\]]*)\]", RegexOptions.Multiline)]
    private static partial Regex Violations();

    [GeneratedRegex(@"\(file: ""([\w-]+)\.marble""\) \[FAIL\]")]
    private static partial Regex FailedFiles();

    [GeneratedRegex(@"(\w+)(?:\(.*\))? \[FAIL\]")]
    private static partial Regex FailedTests();

    private static void CopySources(string root, string copy)
    {
        foreach (var file in BuildFiles)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            File.Copy(Path.Combine(root, file), Path.Combine(copy, file));
        }

        CopyTree(Path.Combine(root, "src", Library), Path.Combine(copy, "src", Library), isSource: true);
        Execute(copy, $"restore src/{Library}");
    }

    private static void CopyPrograms(string root, string copy)
    {
        foreach (var program in new[] { Simulator, Specifications, Units })
        {
            var built = Path.Combine(root, program.Project, "bin", Configuration, "net10.0");
            if (!File.Exists(Path.Combine(built, program.Assembly)))
            {
                throw new InvalidOperationException($"Build {program.Project} first: -c {Configuration}.");
            }

            CopyTree(built, Path.Combine(copy, "programs", program.Assembly), isSource: false);
        }
    }

    private static void CopyTree(string from, string to, bool isSource)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(from, file);
            if (!isSource || !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            {
                var target = Path.Combine(to, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    private static (bool IsPassed, string Output) Execute(string directory, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(LongestRun))
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        return (process.ExitCode == 0, output.GetAwaiter().GetResult());
    }

    // As this program was built, so are the others.
    private static string Configuration =>
        Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    /// <summary>The top of the repository that this program is run in.</summary>
    public static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "CodexSales.Rx.sln")))
        {
            directory = directory.Parent
                ?? throw new InvalidOperationException("This is not run inside of the repository.");
        }

        return directory.FullName;
    }

    /// <summary>What may notice a mutation.</summary>
    /// <param name="Project">Where it is built.</param>
    /// <param name="Assembly">What is run.</param>
    /// <param name="Arguments">With what.</param>
    /// <param name="Names">What in its output says who has noticed.</param>
    /// <param name="Form">How that is written, with the groups of a match.</param>
    private sealed record Program(string Project, string Assembly, string Arguments, Regex Names, string Form);
}
