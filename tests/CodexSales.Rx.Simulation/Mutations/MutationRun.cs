using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CodexSales.Rx.Simulation.Mutations;

/// <summary>
/// Makes each mutation in a copy of the sources outside of the repository, builds the library alone, puts it beside the
/// programs that are built already, and notes which of them notice.
/// </summary>
internal static partial class MutationRun
{
    private const string Library = "CodexSales.Rx";
    private const string Failed = "[FAIL]";

    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    // What must notice, with what it is run; and what in its output names who noticed.
    private static readonly Suite[] Suites =
    [
        new("simulator", "tests/CodexSales.Rx.Simulation/simulate.dll", "--hunt 1000", " breaks ["),
        new("marbles", "tests/CodexSales.Rx.Testing.Tests/CodexSales.Rx.Testing.Tests.dll",
            "-class CodexSales.Rx.Testing.Tests.Marbles.SpecificationTests", Failed),
        new("units", "tests/CodexSales.Rx.Tests/CodexSales.Rx.Tests.dll",
            "-stopOnFail -namespace CodexSales.Rx.Tests.Availabilities -namespace CodexSales.Rx.Tests.Filtering "
            + "-namespace CodexSales.Rx.Tests.Pipeline -namespace CodexSales.Rx.Tests.Queueing "
            + "-namespace CodexSales.Rx.Tests.Selling -namespace CodexSales.Rx.Tests.Storing "
            + "-namespace CodexSales.Rx.Tests.Time -namespace CodexSales.Rx.Tests.Working", Failed),
    ];

    // What the library needs to be built elsewhere, beside its own folder.
    private static readonly string[] BuildFiles =
        ["Directory.Packages.props", ".editorconfig", "src/Directory.Build.props", "src/BannedSymbols.txt"];

    /// <summary>Runs the mutations of some names, or all, and prints a table.</summary>
    /// <returns>Whether every one was noticed.</returns>
    public static bool Run(TextWriter to, IReadOnlyList<string> names)
    {
        var root = FindRoot();
        var mutations = Mutation.ReadAll(root)
            .Where(mutation => names.Count == 0 || names.Contains(mutation.Name))
            .ToList();
        var copy = Directory.CreateTempSubdirectory("mutations-").FullName;
        try
        {
            var suites = Prepare(root, copy);
            to.WriteLine($"| mutation | {string.Join(" | ", suites.Select(suite => suite.Name))} |");
            to.WriteLine($"| --- | {string.Join(" | ", suites.Select(_ => "---"))} |");
            var unnoticed = mutations.Count(mutation => !IsNoticed(to, copy, suites, mutation));
            to.WriteLine($"{mutations.Count} mutations, {unnoticed} unnoticed");
            return unnoticed == 0;
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static bool IsNoticed(
        TextWriter to, string copy, List<Suite> suites, Mutation mutation)
    {
        var original = mutation.ApplyIn(copy);
        var built = Execute(copy, $"build src/{Library} -c {Configuration} --nologo -v q -p:RunAnalyzers=false");
        File.WriteAllText(Path.Combine(copy, mutation.File), original);
        if (built.ExitCode != 0)
        {
            to.WriteLine($"| {mutation.Name} | does not compile: {built.Output.ReplaceLineEndings(" ")} |");
            return false;
        }

        var library = Path.Combine(copy, "src", Library, "bin", Configuration, "net10.0", $"{Library}.dll");
        var (line, isNoticed) = ($"| {mutation.Name} |", false);
        foreach (var (_, program, arguments, mark) in suites)
        {
            File.Copy(library, Path.Combine(Path.GetDirectoryName(program)!, $"{Library}.dll"), overwrite: true);
            var run = Execute(copy, $"{program} {arguments}");
            isNoticed |= run.ExitCode != 0;
            line += run.ExitCode == 0 ? " - |" : $" {Who(run.Output, mark)} |";
        }

        to.WriteLine(line);
        to.Flush();
        return isNoticed;
    }

    // The first one by name, a specification if there is one, and how many more.
    private static string Who(string output, string mark)
    {
        var names = output.Split('\n')
            .Where(line => line.Contains(mark, StringComparison.Ordinal))
            .Select(line => NameIn(line, mark))
            .Distinct()
            .OrderBy(name => name.Contains(".marble", StringComparison.Ordinal) ? 0 : 1)
            .ToList();
        return names.Count switch
        {
            0 => "did not end in time",
            1 => names[0],
            _ => string.Create(CultureInfo.InvariantCulture, $"{names[0]} and {names.Count - 1} more"),
        };
    }

    // "seed 7 breaks [queue]", or a test's method with its data.
    private static string NameIn(string line, string mark)
    {
        var place = line.IndexOf(mark, StringComparison.Ordinal);
        if (mark != Failed)
        {
            return line[..(line.IndexOf(']', place) + 1)];
        }

        var test = Colours().Replace(line[..place], "").Trim();
        if (Specification().Match(test) is { Success: true } specification)
        {
            return specification.Value;
        }

        var data = test.IndexOf('(', StringComparison.Ordinal);
        var method = (data < 0 ? test : test[..data]).Split('.')[^1];
        return data < 0 ? method : method + test[data..];
    }

    [GeneratedRegex("\\x1b\\[[0-9;]*m")]
    private static partial Regex Colours();

    [GeneratedRegex("[\\w-]+\\.marble")]
    private static partial Regex Specification();

    private static List<Suite> Prepare(string root, string copy)
    {
        foreach (var file in BuildFiles)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            File.Copy(Path.Combine(root, file), Path.Combine(copy, file));
        }

        CopyTree(Path.Combine(root, "src", Library), Path.Combine(copy, "src", Library), isSource: true);
        List<Suite> suites = [];
        foreach (var (name, program, arguments, mark) in Suites)
        {
            var built = Path.Combine(root, Path.GetDirectoryName(program)!, "bin", Configuration, "net10.0");
            if (Directory.Exists(built))
            {
                var target = Path.Combine(copy, "programs", name);
                CopyTree(built, target, isSource: false);
                suites.Add(new Suite(name, Path.Combine(target, Path.GetFileName(program)), arguments, mark));
            }
        }

        return suites;
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

    private static (int ExitCode, string Output) Execute(string directory, string arguments)
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
        return (process.ExitCode, output.GetAwaiter().GetResult());
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

    private sealed record Suite(string Name, string Program, string Arguments, string Mark);
}
