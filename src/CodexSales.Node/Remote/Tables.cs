using CodexSales.Node.Cli;
using Spectre.Console;

namespace CodexSales.Node.Remote;

/// <summary>Tables: with lines on a terminal, and else as columns of text, a row a line.</summary>
internal static class Tables
{
    private const string Between = "  ";

    public static void WriteTable(this CliEnvironment environment, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var hasNames = columns.Any(column => column.Length > 0);
        if (environment.Terminal is not { } terminal)
        {
            WriteText(environment.Output, hasNames ? rows.Prepend(columns) : rows);
            return;
        }

        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = hasNames };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Cell(column)) { Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(Cell));
        }

        terminal.Write(table);
    }

    private static void WriteText(TextWriter output, IEnumerable<IReadOnlyList<string>> rows)
    {
        var cells = rows.Select(row => row.Select(Visible).ToList()).ToList();
        var widths = Enumerable.Range(0, cells.Select(row => row.Count).FirstOrDefault())
            .Select(column => cells.Max(row => row[column].Length))
            .ToList();
        foreach (var row in cells)
        {
            output.WriteLine(string.Join(Between, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    // Names that others chose must not take over the terminal of the one who looks.
    private static Text Cell(string text) => new(Visible(text));

    public static string Visible(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '·' : letter));
}
