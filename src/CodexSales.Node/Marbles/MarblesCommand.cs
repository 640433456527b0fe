using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using CodexSales.Node.Cli;
using CodexSales.Rx.Testing.Marbles;

namespace CodexSales.Node.Marbles;

/// <summary>"marbles": specifications in marbles are checked, accepted and drawn.</summary>
internal sealed class MarblesCommand
{
    private const string Extension = ".marble";
    private const string UsualFolder = "marbles";

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Specifications, or folders of them",
        DefaultValueFactory = _ => [UsualFolder],
    };

    public Command Make(CliEnvironment environment)
    {
        _paths.Validators.Add(ExpectFiles);
        return new Command("marbles", "Specifications in marbles: what the pipeline does, in text")
        {
            MakeOne("check", "Runs specifications, and says what is not as they say", environment, Check),
            MakeOne(
                "accept",
                "Rewrites what comes out as it was in a run, never what goes in, and draws",
                environment,
                Accept),
            MakeOne("draw", "Writes a picture of each specification beside it", environment, Draw),
        };
    }

    private Command MakeOne(
        string name, string what, CliEnvironment environment, Func<string, MarbleRun, TextWriter, bool> act)
    {
        var command = new Command(name, what) { _paths };
        command.SetAction((parsed, cancelled) =>
            Task.FromResult(Run(parsed.GetRequiredValue(_paths), act, environment.Output, cancelled)));
        return command;
    }

    private static int Run(
        string[] paths, Func<string, MarbleRun, TextWriter, bool> act, TextWriter output, CancellationToken cancelled)
    {
        var held = 0;
        var files = paths.SelectMany(FindFiles).ToList();
        foreach (var file in files)
        {
            cancelled.ThrowIfCancellationRequested();
            held += act(file, MarbleRun.Of(Path.GetFileName(file), File.ReadAllText(file)), output) ? 1 : 0;
        }

        output.WriteLine($"{held} of {files.Count} specifications are in order");
        return held == files.Count ? ExitCode.Success : ExitCode.Failed;
    }

    private static bool Check(string file, MarbleRun run, TextWriter output)
    {
        var differences = run.Differences.ToList();
        if (differences.Count == 0 && ReadPicture(file) != run.Draw())
        {
            differences.Add($"{run.File}: the picture is not of this specification: draw it");
        }

        foreach (var difference in differences)
        {
            output.WriteLine(difference);
        }

        return differences.Count == 0;
    }

    private static bool Accept(string file, MarbleRun run, TextWriter output)
    {
        var text = run.Accept();
        if (text != File.ReadAllText(file))
        {
            Write(file, text);
            output.WriteLine($"{run.File}: rewritten");
        }

        return Draw(file, MarbleRun.Of(run.File, text), output);
    }

    // A picture shows what is checked: of a specification that does not hold none is drawn.
    private static bool Draw(string file, MarbleRun run, TextWriter output)
    {
        if (run.Differences.Count > 0)
        {
            return Check(file, run, output);
        }

        var picture = run.Draw();
        if (ReadPicture(file) != picture)
        {
            Write(PictureOf(file), picture);
            output.WriteLine($"{run.File}: drawn");
        }

        return true;
    }

    private static IEnumerable<string> FindFiles(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*" + Extension).Order(StringComparer.Ordinal)
        : [path];

    private static void ExpectFiles(ArgumentResult given)
    {
        var paths = given.Tokens.Count > 0 ? given.Tokens.Select(token => token.Value) : [UsualFolder];
        foreach (var path in paths.Where(path => !FindFiles(path).Any(File.Exists)))
        {
            given.AddError($"{path}: not there, but a specification or a folder of {Extension} files is expected.");
        }
    }

    private static string PictureOf(string file) => Path.ChangeExtension(file, ".svg");

    private static string? ReadPicture(string file) =>
        File.Exists(PictureOf(file)) ? File.ReadAllText(PictureOf(file)) : null;

    private static void Write(string file, string text) => File.WriteAllText(file, text, new UTF8Encoding(false));
}
