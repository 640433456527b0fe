using CodexSales.Node.Formatting;
using CodexSales.Rx.Selling;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CodexSales.Node.Demo;

/// <summary>The demo as a page of a terminal: what is queued, who does what, what is sold, what came last.</summary>
internal sealed class LiveTable(DemoMarket market, DemoBook book, DemoOptions options)
{
    private const int QueueRows = 8;
    private const int WorkerRows = 5;
    private const int HostedRows = 4;
    private const int EventRows = 6;
    private const int BarLength = 12;

    // The lines that a page with these parts takes.
    private const int WithEvents = 33;
    private const int WithSpace = 40;
    private const int WithHosted = 49;

    private readonly Queue<string> _events = new();

    public void Tell(SaleStep step)
    {
        if (DemoEvents.Describe(step) is { } sentence)
        {
            var color = step.End is null ? "aqua" : step.State == SaleStateName.SaleFinished ? "green" : "yellow";
            _events.Enqueue($"[grey]{Figures.MarketTime(market.Elapsed)}[/]  [{color}]{Markup.Escape(sentence)}[/]");
            if (_events.Count > EventRows)
            {
                _events.Dequeue();
            }
        }
    }

    /// <summary>As much of how things stand as fits so many lines: 24 are enough for queue and workers.</summary>
    public IRenderable Render(int height)
    {
        List<IRenderable> page = [Heading(), Totals(), QueueTable(), WorkerTable()];
        if (height > WithHosted)
        {
            page.Add(HostedTable());
        }

        if (height > WithSpace)
        {
            page.Add(SpaceTable());
        }

        if (height > WithEvents)
        {
            page.Add(EventPanel());
        }

        return new Rows(page);
    }

    private Rule Heading() => new(
        $"[bold]Codex market[/]  {Figures.MarketTime(market.Elapsed)}  "
            + $"[grey]seed {options.Seed}, {options.Speed:0.#} × real time[/]")
    {
        Justification = Justify.Left,
    };

    private Markup Totals() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"[green]{Figures.Tokens(book.Sales.Earned)}[/] earned   [green]{Figures.Tokens(book.Expected)}[/] expected   "
            + $"[aqua]{book.Sales.Filled}[/] filled   [green]{book.Sales.Finished}[/] paid   "
            + $"[yellow]{book.Unsold.Values.Sum()}[/] not sold   [yellow]{book.Refused.Values.Sum()}[/] refused\n"));

    private Table QueueTable()
    {
        var slots = market.Pipeline.Queue.Snapshot.Items;
        return NewTable(
            $"Queue: {slots.Length} of {options.QueueSize}, peak {book.QueuePeak}",
            ["#", "Slot"],
            ["Price", "Reward", "Collateral", "Size", "Runs for", "Fill within"],
            slots.Take(QueueRows).Select((slot, place) => new[]
            {
                $"{place + 1}",
                $"{slot}{(slot.Terms.IsRepair ? " repair" : "")}",
                Figures.Tokens(slot.Terms.Ask.PricePerBytePerSecond),
                Figures.Tokens(slot.Terms.Reward),
                Figures.Tokens(slot.Terms.Collateral),
                Figures.Bytes(slot.Terms.Ask.SlotSizeBytes),
                Figures.Span(slot.Terms.Ask.DurationSeconds),
                Figures.Span(slot.Terms.ExpiresAt.SecondsSince(market.ChainTime)),
            }),
            QueueRows);
    }

    private Table WorkerTable() => NewTable(
        $"Workers: {book.BusyWorkers} of {options.Workers} busy",
        ["Slot", "Does"],
        ["Reward", "Size", "For"],
        book.Acquiring
            .Select(step => (string[])[.. DescribeSale(step), Figures.Span(market.ChainTime.SecondsSince(step.At))])
            .Concat(Enumerable.Repeat<string[]>(["", "waits for a slot"], WorkerRows)),
        Math.Min(WorkerRows, options.Workers));

    private Table HostedTable() => NewTable(
        $"Hosted: {book.Hosted.Count}, the next to be paid",
        ["Slot", "Does"],
        ["Reward", "Size", "Proofs missed", "Ends in"],
        book.Hosted
            .OrderBy(step => step.Sale.Terms.EndsAt)
            .ThenBy(step => step.Sale.Number)
            .Select(step => (string[])
            [
                .. DescribeSale(step), $"{step.MissedProofs}", Figures.Span(step.Sale.Terms.EndsAt.SecondsSince(market.ChainTime)),
            ]),
        HostedRows);

    private static string[] DescribeSale(SaleStep step) =>
    [
        step.Sale.Slot.ToString(),
        Words.OfState(step.State),
        Figures.Tokens(step.Sale.Terms.Reward),
        Figures.Bytes(step.Sale.Terms.Ask.SlotSizeBytes),
    ];

    private Table SpaceTable()
    {
        var table = NewTable("Space for sale", ["Availability", "Space", "", "Collateral", ""], ["Sales"], [], 0);
        foreach (var balance in market.Pipeline.Availabilities.Snapshot)
        {
            var total = balance.Availability;
            var bytes = balance.HeldBytes + balance.UsedBytes;
            table.AddRow(
                total.Id.ToString(),
                Bar((double)bytes / total.TotalBytes),
                $"{Figures.Bytes(bytes)} of {Figures.Bytes(total.TotalBytes)}",
                Bar((double)((ulong)balance.HeldCollateral) / (ulong)total.TotalCollateral),
                $"{Figures.Tokens(balance.HeldCollateral)} of {Figures.Tokens(total.TotalCollateral)}",
                $"{balance.Sales}");
        }

        return table;
    }

    private static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarLength);
        return $"[green]{new string('█', full)}[/][grey]{new string('░', BarLength - full)}[/]";
    }

    private Panel EventPanel()
    {
        var lines = _events.Concat(Enumerable.Repeat(" ", EventRows - _events.Count));
        return new Panel(new Rows(lines.Select(line => new Markup(line) { Overflow = Overflow.Ellipsis })))
        {
            Header = new PanelHeader(" Last "),
            Border = BoxBorder.Rounded,
            Expand = true,
        };
    }

    // Always of so many rows, for the page to stay where it is.
    private static Table NewTable(string title, string[] left, string[] right, IEnumerable<string[]> rows, int rowCount)
    {
        var table = new Table
        {
            Title = new TableTitle($"[bold]{title}[/]", Style.Plain),
            Border = TableBorder.Simple,
            Expand = true,
        };
        table.AddColumns([.. left.Select(name => new TableColumn($"[grey]{name}[/]").NoWrap())]);
        table.AddColumns([.. right.Select(name => new TableColumn($"[grey]{name}[/]").RightAligned().NoWrap())]);
        foreach (var cells in rows.Concat(Enumerable.Repeat<string[]>([], rowCount)).Take(rowCount))
        {
            table.AddRow(table.Columns.Select((_, place) => new Text(place < cells.Length ? cells[place] : " ")));
        }

        return table;
    }
}
