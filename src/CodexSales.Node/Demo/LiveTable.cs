using CodexSales.Node.Formatting;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Requests;
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

    /// <summary>A sale went one step on.</summary>
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

    /// <summary>How things stand now, as much as fits so many lines: 24 are enough for queue and workers.</summary>
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
        var table = NewTable(
            $"Queue: {slots.Length} of {options.QueueSize}, peak {book.QueuePeak}",
            ["#", "Slot"],
            ["Price", "Reward", "Collateral", "Size", "Runs for", "Fill within"]);
        for (var place = 0; place < QueueRows; place++)
        {
            AddRow(table, place < slots.Length ? QueueRow(place, slots[place]) : []);
        }

        return table;
    }

    private string[] QueueRow(int place, OpenSlot slot)
    {
        var terms = slot.Terms;
        return
        [
            (place + 1).ToString(CultureInfo.InvariantCulture),
            $"{slot}{(terms.IsRepair ? " repair" : "")}",
            Figures.Tokens(terms.Ask.PricePerBytePerSecond),
            Figures.Tokens(terms.Reward),
            Figures.Tokens(terms.Collateral),
            Figures.Bytes(terms.Ask.SlotSizeBytes),
            Figures.Span(terms.Ask.DurationSeconds),
            Figures.Span(terms.ExpiresAt.SecondsSince(market.ChainTime)),
        ];
    }

    private Table WorkerTable()
    {
        var table = NewTable(
            $"Workers: {book.BusyWorkers} of {options.Workers} busy", ["Slot", "Does"], ["Reward", "Size", "For"]);
        var acquiring = book.Acquiring.ToList();
        for (var place = 0; place < Math.Min(WorkerRows, options.Workers); place++)
        {
            AddRow(table, place < acquiring.Count ? WorkerRow(acquiring[place]) : ["", "waits for a slot"]);
        }

        return table;
    }

    private string[] WorkerRow(SaleStep step) =>
    [
        step.Sale.Slot.ToString(),
        StateOf(step),
        Figures.Tokens(step.Sale.Terms.Reward),
        Figures.Bytes(step.Sale.Terms.Ask.SlotSizeBytes),
        Figures.Span(market.ChainTime.SecondsSince(step.At)),
    ];

    private Table HostedTable()
    {
        var table = NewTable(
            $"Hosted: {book.Hosted.Count}, the next to be paid",
            ["Slot", "Does"],
            ["Reward", "Size", "Proofs missed", "Ends in"]);
        var next = book.Hosted.OrderBy(step => step.Sale.Terms.EndsAt)
            .ThenBy(step => step.Sale.Number)
            .Take(HostedRows)
            .ToList();
        for (var place = 0; place < HostedRows; place++)
        {
            AddRow(table, place < next.Count ? HostedRow(next[place]) : []);
        }

        return table;
    }

    private string[] HostedRow(SaleStep step) =>
    [
        step.Sale.Slot.ToString(),
        StateOf(step),
        Figures.Tokens(step.Sale.Terms.Reward),
        Figures.Bytes(step.Sale.Terms.Ask.SlotSizeBytes),
        step.MissedProofs.ToString(CultureInfo.InvariantCulture),
        Figures.Span(step.Sale.Terms.EndsAt.SecondsSince(market.ChainTime)),
    ];

    private static string StateOf(SaleStep step) => Words.Of(step.State)["sale ".Length..];

    private Table SpaceTable()
    {
        var table = NewTable("Space for sale", ["Availability", "Space", "", "Collateral", ""], ["Sales"]);
        foreach (var balance in market.Pipeline.Availabilities.Snapshot)
        {
            table.AddRow(SpaceRow(balance).Select(cell => new Markup(cell)));
        }

        return table;
    }

    private static string[] SpaceRow(AvailabilityBalance balance)
    {
        var total = balance.Availability;
        var bytes = balance.HeldBytes + balance.UsedBytes;
        return
        [
            total.Id.ToString(),
            Bar((double)bytes / total.TotalBytes),
            $"{Figures.Bytes(bytes)} of {Figures.Bytes(total.TotalBytes)}",
            Bar((double)((ulong)balance.HeldCollateral) / (ulong)total.TotalCollateral),
            $"{Figures.Tokens(balance.HeldCollateral)} of {Figures.Tokens(total.TotalCollateral)}",
            balance.Sales.ToString(CultureInfo.InvariantCulture),
        ];
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

    private static Table NewTable(string title, string[] left, string[] right)
    {
        var table = new Table
        {
            Title = new TableTitle($"[bold]{title}[/]", Style.Plain),
            Border = TableBorder.Simple,
            Expand = true,
        };
        table.AddColumns([.. left.Select(name => new TableColumn($"[grey]{name}[/]").NoWrap())]);
        table.AddColumns([.. right.Select(name => new TableColumn($"[grey]{name}[/]").RightAligned().NoWrap())]);
        return table;
    }

    private static void AddRow(Table table, string[] cells) =>
        table.AddRow(table.Columns.Select((_, place) => new Text(place < cells.Length ? cells[place] : " ")));
}
