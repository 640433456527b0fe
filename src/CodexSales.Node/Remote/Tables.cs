using CodexSales.Node.Cli;
using Spectre.Console;

namespace CodexSales.Node.Remote;

/// <summary>Tables: with lines on a terminal, and else as columns of text, a row a line.</summary>
internal static class Tables
{
    private const int Unbounded = 10_000;

    public static void WriteTable(this CliEnvironment environment, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = environment.Terminal is null ? TableBorder.None : TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Cell(column)) { NoWrap = environment.Terminal is null, Padding = new Padding(0, 0, 2, 0) });
        }

        table.ShowHeaders = columns.Any(column => column.Length > 0);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(Cell));
        }

        if (environment.Terminal is { } terminal)
        {
            terminal.Write(table);
            return;
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Unbounded;
        console.Write(table);
        foreach (var line in text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            environment.Output.WriteLine(line.TrimEnd());
        }
    }

    // Names that others chose must not take over the terminal of the one who looks.
    private static Text Cell(string text) => new(Visible(text));

    public static string Visible(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '·' : letter));
}
